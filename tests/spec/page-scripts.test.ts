import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('the script of a page', () => {
  it.each(['viewer', 'desk', 'ops'])('[HOUSE7] of the %s carries no schema library', async page => {
    const { metafile } = await build({
      entryPoints: [`web/${page}/browser.tsx`],
      absWorkingDir: root,
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    })
    const packages = Object.keys(metafile.inputs).filter(file => file.startsWith('node_modules/'))
    expect(packages.length).toBeGreaterThan(0)
    expect(packages.filter(file => file.startsWith('node_modules/zod/'))).toEqual([])
  })
})
