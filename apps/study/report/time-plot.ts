/** The geometry of plots over time, in px, and the ticks of their axes: a report shows several under each other. */
export const WIDTH = 420;
export const PLOT_HEIGHT = 150;
export const AXIS_LABEL = 34;
export const BOTTOM = 38;
/** Room right of the box, for half of the last time's label. */
export const RIGHT = 14;
export const X_TICKS = 7;
export const Y_TICKS = 5;
