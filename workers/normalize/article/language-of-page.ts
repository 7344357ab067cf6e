import type { Ledger } from './ledger.ts'
export function tellLanguage(_ledger: Ledger): string {
  return 'en'
}
