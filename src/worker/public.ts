/** What a machine and a guest in a worker have in common with those that are here. */

/**
 * The members of a class without those that are private: `Public<Guest>` is what Guest and RemoteGuest both are.
 *
 * @typeParam T - the class.
 */
export type Public<T> = Pick<T, keyof T>;
