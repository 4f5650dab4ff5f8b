// The relay's C++ and the compiler that is here for it: CXX, else g++ or clang++. Nothing is downloaded.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nativeFile } from '../../packages/edge/src/gateway/join/native.ts'

/** Where the relay's sources are, and what is built of them. */
export const here = fileURLToPath(new URL('../../packages/edge/native/', import.meta.url))
export const builtFile = join(here, nativeFile)
const headers = resolve(dirname(process.execPath), '../include/node')

/** It cannot be built here, and is not needed. */
export class NotHere extends Error {}

/** Whether it ended with 0. What it says is shown. */
export const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { cwd: here, stdio: 'inherit' }).status === 0

const runs = (name: string): boolean => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0

/** The first of these that is here. Throws NotHere with what is said where there is none. */
export function findCompiler(names: readonly string[], without: string): string {
  const found = (process.env.CXX ? [process.env.CXX] : names).find(runs)
  if (found === undefined) throw new NotHere(without)
  return found
}

/** Throws NotHere where there is none. */
export const compiler = (): string =>
  findCompiler(['g++', 'clang++'], 'There is no C++ compiler: install g++ or clang++, or name one in CXX.')

/** What every build of the relay has in common. */
const language = ['-std=c++20', '-Wall', '-Wextra', '-pthread']

/** Throws Error where it fails. */
export function compile(args: readonly string[], name = compiler()): void {
  if (!run(name, [...language, ...args])) throw new Error(`${name} has failed.`)
}

/** Throws NotHere where Node.js came without its headers. */
export function buildForNode(flags: readonly string[]): void {
  if (!existsSync(join(headers, 'node_api.h'))) {
    throw new NotHere(
      `There are no headers of Node.js in ${headers}: they are in its archives from nodejs.org, and in some distributions in a package of their own.`,
    )
  }
  compile([...flags, '-fPIC', '-shared', '-isystem', headers, 'addon.cc', 'relay.cc', '-o', nativeFile])
}
