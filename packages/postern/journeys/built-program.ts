// The program as it is installed, each command a cold process of it.

import { execFile } from 'node:child_process'
import { builtBin } from './built-bin.ts'

export interface Ended {
  readonly code: number
  readonly stdout: string
  /** Without the line that says which server is used, and without signs of life. */
  readonly stderr: string
}

export interface BuiltProgram {
  readonly bin: string
  /** Words as a shell would have cut them. */
  readonly run: (argv: readonly string[], options?: { readonly input?: string }) => Promise<Ended>
}

/** `env` is all that its commands see of the environment, but for PATH. */
export async function buildProgram(env: () => Readonly<Record<string, string>>): Promise<BuiltProgram> {
  const bin = await builtBin()
  return {
    bin,
    run: (argv, { input = '' } = {}) =>
      new Promise((resolve) => {
        const options = { env: { PATH: process.env.PATH, ...env() }, maxBuffer: 16 * 1024 * 1024 }
        const child = execFile(process.execPath, [bin, ...argv], options, (error, stdout, stderr) =>
          resolve({
            code: error === null ? 0 : Number(error.code),
            stdout,
            stderr: stderr.replaceAll(/^(Using .*|\.+)\n/gm, ''),
          }),
        )
        // A command that reads none may be gone before it is written.
        child.stdin?.on('error', () => {}).end(input)
      }),
  }
}
