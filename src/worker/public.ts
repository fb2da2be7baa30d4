/** The type that a class here shares with its counterpart in a worker. */

/**
 * The public members of a class. Guest and RemoteGuest are both a `Public<Guest>`.
 *
 * @typeParam T - the class.
 */
export type Public<T> = Pick<T, keyof T>;
