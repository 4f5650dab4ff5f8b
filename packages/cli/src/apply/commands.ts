// `postern diff` and `postern apply` as the root of the command table shows them; what they do loads when they run.

import type { Flag, Leaf } from '../core/command.ts'
import { orgId, output } from '../core/global-flags.ts'

const file: Flag = {
  name: 'file',
  short: 'f',
  kind: 'text',
  completes: 'files',
  usage: 'YAML or JSON file, or - for standard input.',
}
const prune: Flag = {
  name: 'prune',
  kind: 'switch',
  usage: 'Deletes what the lists of the file do not hold. A project, and a kind that it has no list of, is left alone.',
}
const passwords: Flag = {
  name: 'passwords',
  kind: 'switch',
  usage: 'Sets the passwords of users that are there, too: no server tells whether they changed.',
}

const diff: Leaf = {
  word: 'diff',
  short: 'Show what apply would do to make everything as a file says.',
  long:
    'Nothing is changed. Exit code, as that of `terraform plan -detailed-exitcode`: 0 everything is as the file says,\n' +
    '2 something differs, 1 an error.',
  role: 'Project Read Only',
  flags: [file, prune, passwords, orgId, output],
  examples: [['Show what would be done, deletions included:', 'diff -f shop.yaml --prune']],
  run: async (context) => (await import('./run.ts')).diff(context),
}

const apply: Leaf = {
  word: 'apply',
  short: 'Make projects, services, endpoints, users, roles, access lists and clusters as a file says.',
  long:
    'The plan is shown first, and asked about unless --yes is given. What is there already is left alone or changed; a second\n' +
    'run does nothing. Where it fails in the middle it says what is left, and running it again goes on.\n' +
    'For an editor, save `apply --schema` and begin the file with `# yaml-language-server: $schema=postern.schema.json`.',
  role: 'Project Owner',
  flags: [
    file,
    { name: 'yes', short: 'y', also: ['force'], kind: 'switch', usage: 'Skips the question.' },
    prune,
    passwords,
    { name: 'no-wait', also: ['noWait'], kind: 'switch', usage: 'Does not wait until everything is AVAILABLE.' },
    {
      name: 'timeout',
      kind: 'number',
      usage: 'Seconds after which waiting ends with exit code 1; without it, it has no end.',
    },
    { name: 'schema', kind: 'switch', usage: 'Prints the JSON Schema of such files, and does nothing else.' },
    orgId,
    output,
  ],
  examples: [
    ['Make everything as a file says:', 'apply -f shop.yaml'],
    ['In a pipeline, deleting what the file does not list any more:', 'apply -f shop.yaml --prune --yes'],
    ['For editors:', 'apply --schema > postern.schema.json'],
  ],
  run: async (context) => (await import('./run.ts')).apply(context),
}

export const applyCommands: readonly Leaf[] = [diff, apply]
