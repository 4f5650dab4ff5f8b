// `postern config …`: profiles, with the Atlas CLI's words and keys.

import type { Leaf } from '../core/command.ts'
import { force, output } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { column, rows } from '../print/template.ts'
import { configFile } from '../server/folders.ts'
import { type Profile, readProfiles } from '../server/profile.ts'
import { deleteProfile, editProfiles, renameProfile } from './config/change-profile.ts'
import { importProfiles } from './config/import-profiles.ts'
import { setProperty } from './config/set-property.ts'

export const config: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return the names of your profiles.',
    flags: [output],
    async run(context) {
      const names = [...(await readProfiles(configFile(context.io.env))).keys()]
      await context.printLocal(
        names.map((name) => ({ name })),
        rows(column('PROFILE NAME', 'name')),
      )
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return the settings of one profile; secrets are not shown.',
    args: [{ name: 'name', usage: 'Name of the profile.' }],
    flags: [output],
    async run(context) {
      const file = configFile(context.io.env)
      const profile = (await readProfiles(file)).get(context.arg('name'))
      if (profile === undefined) throw new UsageError(`no profile "${context.arg('name')}" in ${file}`)
      await context.printLocal(settingsOf(profile), rows(column('SETTING', 'setting'), column('VALUE', 'value')))
    },
  },
  {
    word: 'set',
    short: 'Set one property of a profile.',
    long: [
      'Properties: project_id, org_id, ops_manager_url, public_api_key, private_api_key, client_id, client_secret,',
      'access_token, output. Without a value it is the first line of standard input, or is asked for on a terminal.',
    ].join('\n'),
    args: [
      { name: 'property', usage: 'Name of the property.' },
      { name: 'value', usage: 'Its new value; secrets better by standard input or prompt.', optional: true },
    ],
    examples: [
      ['Set the server of the profile "work":', 'config set ops_manager_url http://127.0.0.1:8080/ --profile work'],
    ],
    async run(context) {
      const property = context.arg('property')
      const value = context.optionalArg('value')
      await setProperty(context, { property, value })
      context.say(`Updated property '${property}'`)
    },
  },
  {
    word: 'delete',
    aliases: ['rm'],
    short: 'Delete one profile.',
    args: [{ name: 'name', usage: 'Name of the profile.' }],
    flags: [force],
    examples: [['Delete the profile "work" without a question:', 'config delete work --force']],
    run: (context) => deleteProfile(context, context.arg('name')),
  },
  {
    word: 'rename',
    aliases: ['mv'],
    short: 'Rename one profile.',
    args: [
      { name: 'oldProfileName', usage: 'Name that it has.' },
      { name: 'newProfileName', usage: 'Name that it gets.' },
    ],
    flags: [{ ...force, usage: 'Replaces a profile of the new name without a question.' }],
    examples: [['Rename the profile "work":', 'config rename work office']],
    run: (context) => renameProfile(context, context.arg('oldProfileName'), context.arg('newProfileName')),
  },
  {
    word: 'edit',
    short: 'Open the configuration file in your editor: VISUAL, EDITOR or vi.',
    run: editProfiles,
  },
  {
    word: 'import',
    short: 'Take over profiles of the Atlas CLI that point to a Postern server.',
    long: 'Profiles without a base URL, or with one of MongoDB Atlas, are passed over.',
    args: [{ name: 'file', usage: "Configuration file; the Atlas CLI's own when left out.", optional: true }],
    flags: [{ ...force, usage: 'Replaces profiles of the same names.' }, output],
    examples: [["Take over the Atlas CLI's profiles:", 'config import']],
    async run(context) {
      const names = await importProfiles(context, context.optionalArg('file'))
      await context.printLocal(
        names.map((name) => ({ name })),
        rows(column('PROFILE NAME', 'name')),
      )
    },
  },
]

const secrets = new Set(['private_api_key', 'client_secret', 'access_token', 'refresh_token'])

const settingsOf = (profile: Profile) =>
  Object.entries(profile).map(([setting, value]) => ({ setting, value: secrets.has(setting) ? 'redacted' : value }))
