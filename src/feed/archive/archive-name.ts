/** What the archive of an event is called in the archive store. Two of one name have the same lines, as `sha256` says. */
export function archiveName(eventId: string, sha256: string): string {
  return `${eventId}.${sha256.slice(0, 32)}.ndjson.gz`
}
