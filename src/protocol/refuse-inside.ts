/**
 * A handshake with this in its query (`?refuse-inside=1`) that comes when too many come at once is let in only to be told
 * when to come back, by `connect_error`: a page is shown neither status nor headers of a refused upgrade.
 */
export const REFUSE_INSIDE = 'refuse-inside'
