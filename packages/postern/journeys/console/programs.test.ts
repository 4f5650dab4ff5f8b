// The programs that the Connect dialog offers, read by each language's own tools where they are on this machine.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { programs } from '../../../console/src/pages/connect/programs.ts'

const strings = [
  {
    connectionString: 'mongodb://app:<db_password>@127.1.2.3:1024,127.1.2.3:1025/?authSource=admin&replicaSet=rs0',
    caFile: null,
  },
  { connectionString: 'mongodb+srv://app:<db_password>@cluster0-pl-0.abcde.postern.internal', caFile: 'ca.pem' },
]

/** What the tool says against the text; null where there is no such tool. */
function complaint(command: string, args: readonly string[], file: string, text: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'postern-program-'))
  try {
    writeFileSync(join(folder, file), text)
    return execFileSync(command, [...args, file], { cwd: folder, stdio: 'pipe', encoding: 'utf8' })
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string }
    return code === 'ENOENT' ? null : String(stderr || error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test.for([
  { language: 'nodejs', command: process.execPath, args: ['--check'] },
  { language: 'python', command: 'python3', args: ['-m', 'py_compile'] },
  // Names the file where it would write it otherwise.
  { language: 'go', command: 'gofmt', args: ['-l'] },
  { language: 'rust', command: 'rustfmt', args: ['--edition', '2021'] },
] as const)('$language reads its program without a complaint', ({ language, command, args }, context) => {
  const { file, text } = programs[language]
  for (const said of strings) {
    const told = complaint(command, args, file, text(said))
    if (told === null) return context.skip(`there is no ${command} on this machine`)
    expect(told).toBe('')
  }
})
