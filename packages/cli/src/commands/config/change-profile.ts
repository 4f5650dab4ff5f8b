// `config delete`, `rename` and `edit`: whole profiles, and the file itself.

import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { configFile } from '../../server/folders.ts'
import { readProfiles } from '../../server/profile.ts'
import { withoutProfile, withRenamedProfile } from '../../server/profile-text.ts'
import { changeProfiles, replaceFile } from '../../server/write-profiles.ts'

/** Throws UsageError where there is none of that name. */
export async function deleteProfile(context: Context, name: string): Promise<void> {
  const file = configFile(context.io.env)
  await demandProfile(file, name)
  if (!(await context.confirmed(`Are you sure you want to delete: ${name}`, 'Profile not deleted'))) return
  await changeProfiles(file, {
    edit: (text) => withoutProfile(text, name),
    holds: (profiles) => !profiles.has(name),
  })
  context.say(`Profile '${name}' deleted`)
}

/** Asks before it replaces a profile that has the new name already. */
export async function renameProfile(context: Context, from: string, to: string): Promise<void> {
  const file = configFile(context.io.env)
  const profiles = await demandProfile(file, from)
  if (to.trim() === '') throw new UsageError('a profile needs a name')
  if (from === to) throw new UsageError(`the profile is named "${to}" already`)
  const question = `There is a profile "${to}" already. Do you want to replace it`
  if (profiles.has(to) && !(await context.confirmed(question, 'Profile was not renamed.'))) return
  await changeProfiles(file, {
    edit: (text) => withRenamedProfile(withoutProfile(text, to), from, to),
    holds: (after) => !after.has(from) && JSON.stringify(after.get(to)) === JSON.stringify(profiles.get(from)),
  })
  context.say(`The profile ${from} was renamed to ${to}.`)
}

async function demandProfile(file: string, name: string) {
  const profiles = await readProfiles(file)
  if (!profiles.has(name)) throw new UsageError(`no profile "${name}" in ${file}`)
  return profiles
}

/** Opens the file in VISUAL, EDITOR or vi; makes it first, for its owner only. Throws UsageError for a broken result. */
export async function editProfiles(context: Context): Promise<void> {
  const { env } = context.io
  const file = configFile(env)
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (!isThere) await replaceFile(file, '')
  const editor = env.VISUAL || env.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi')
  const code = await run(editor, file, env)
  if (code !== 0) throw new UsageError(`the editor "${editor}" ended with ${code}`)
  await readProfiles(file)
}

/** Through a shell, as git does it: EDITOR may be a whole command (`code --wait`). */
function run(editor: string, file: string, env: Context['io']['env']): Promise<number | null> {
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${file}"`, { stdio: 'inherit', shell: true, env: { ...env } })
      : spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', env: { ...env } })
  return new Promise((resolve, reject) => {
    child.once('error', (problem) => reject(new UsageError(`cannot start "${editor}": ${problem.message}`)))
    child.once('close', resolve)
  })
}
