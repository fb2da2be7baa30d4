/** Plans that are worth a look, each with a sentence on what to look at. */

export interface ReadyPlan {
  readonly id: string;
  readonly title: string;
  readonly look: string;
  readonly text: string;
}

/** The same four guests under each policy. */
function fourGuests(policy: string, title: string, question: string): string {
  return `format: xen-balloon host 1
title: ${title}
question: ${question}
span: 5 min
base:
  size: 8 GiB
  policy: ${policy}
  pressure: waits
  usPerPage: 4.3
guests:
  - name: db
    memory: 2 GiB
    minimum: 512 MiB
    maximum: 5 GiB
    demand: { 0 s: 1 GiB, 60 s: 2.5 GiB, 90 s: 4 GiB, 240 s: 1.5 GiB }
  - name: web
    memory: 2 GiB
    minimum: 512 MiB
    maximum: 3 GiB
    demand: { 0 s: 800 MiB, 120 s: 1200 MiB }
  - name: mail
    memory: 2 GiB
    minimum: 512 MiB
    maximum: 2 GiB
    demand: 400 MiB
  - name: build
    memory: 2 GiB
    minimum: 512 MiB
    maximum: 4 GiB
    demand: { 0 s: 300 MiB, 150 s: 2.5 GiB, 200 s: 300 MiB }
`;
}

export const READY_PLANS: readonly ReadyPlan[] = [
  {
    id: "qmemman",
    title: "A squeeze under qmemman",
    look: "At 1:00 and 1:30 db wants more, and what the others hold shrinks towards what they use. At 2:30 build is short all the same: qmemman finds what is left too small a change.",
    text: fourGuests(
      "qmemman",
      "Four guests under qmemman",
      "Does a guest that grows get the memory that the others do not use?",
    ),
  },
  {
    id: "squeezed",
    title: "The same under squeezed",
    look: "From 1:30 to 4:00 db is short while its neighbours keep what they do not use: squeezed never looks at demand.",
    text: fourGuests(
      "squeezed",
      "Four guests under squeezed",
      "Does a guest that grows get the memory that the others do not use?",
    ),
  },
  {
    id: "stuck-donor",
    title: "A guest without a driver",
    look: "At 1:00 new asks for 3 GiB. Legacy holds more than that unused and cannot give it, so web and mail are squeezed to their minimum, in vain.",
    text: `format: xen-balloon host 1
title: A guest without a balloon driver
question: Can a guest start when the memory is with one that cannot give?
span: 3 min
base:
  size: 8 GiB
  policy: squeezed
  pressure: waits
  usPerPage: 4.3
guests:
  - name: legacy
    memory: 4 GiB
    minimum: 1 GiB
    demand: 500 MiB
    balloons: false
  - name: web
    memory: 2 GiB
    minimum: 1 GiB
    demand: 700 MiB
  - name: mail
    memory: 2 GiB
    minimum: 1 GiB
    demand: 900 MiB
  - name: new
    memory: 3 GiB
    minimum: 3 GiB
    demand: 1 GiB
    start: 60 s
`,
  },
];
