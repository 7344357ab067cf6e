import { Refusal } from '../errors.ts'

/**
 * The version named by If-Match (RFC 9110): `"3"`. `*` means whatever stands now.
 * Throws version-needed without one, invalid-request for anything else.
 */
export function matchedVersion(header: string | undefined, versionNow: number): number {
  if (header === undefined) {
    throw new Refusal('version-needed', 'Send the version you saw as If-Match: "<version>".', {
      extra: { version: versionNow },
    })
  }
  if (header.trim() === '*') return versionNow
  const match = /^\s*"(\d{1,15})"\s*$/.exec(header)
  if (match === null) throw new Refusal('invalid-request', 'If-Match must be one strong entity tag, such as "3".')
  return Number(match[1])
}

export function versionMismatch(version: number): Refusal {
  return new Refusal('version-mismatch', `It is at version ${version} now.`, { extra: { version } })
}
