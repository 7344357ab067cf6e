import type { Ledger } from './ledger.ts'
import type { PageLine } from './page-line.ts'
export function warnAboutPlaces(_ledger: Ledger, _caption: string, _text: readonly PageLine[]): void {}
