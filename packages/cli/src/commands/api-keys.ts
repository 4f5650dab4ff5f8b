// How API keys are shown; and the one time that a private key is: when it is made.

import type { Argument, Flag } from '../core/command.ts'
import { objectIdProblem } from '../core/context.ts'
import { textAt } from '../print/json.ts'
import { column, sentence } from '../print/template.ts'

export const keyId: Argument = { name: 'ID', usage: 'Identifier of the API key.', problem: objectIdProblem }

export const description: Flag = { name: 'desc', kind: 'text', usage: 'Description of the API key.' }

export const keyColumns = [
  column('ID', 'id'),
  column('DESCRIPTION', 'desc'),
  column('PUBLIC KEY', 'publicKey'),
  column('PRIVATE KEY', 'privateKey'),
] as const

export const newKey = sentence((key) =>
  [
    `API Key '${textAt(key, 'id')}' created.`,
    `Public API Key ${textAt(key, 'publicKey')}`,
    `Private API Key ${textAt(key, 'privateKey')}`,
  ].join('\n'),
)
