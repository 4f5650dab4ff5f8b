// How the developer's tools read their flags.

import { expect, test } from 'vitest'
import { toolFlags, wholeNumber } from './tool-flags.ts'

const usage = 'npm run simulate -- [--seeds N]'
const tool = { usage, names: ['seeds'], parse: ({ seeds = '200' }) => wholeNumber('seeds', seeds, 1) }
const refused = (says: RegExp) => ({ says: expect.stringMatching(says), code: 1 })

test.each([
  { says: 'nothing', argv: [], read: { flags: 200 } },
  { says: 'a flag', argv: ['--seeds', '3'], read: { flags: 3 } },
  { says: 'a call for help', argv: ['--help'], read: { says: `${usage}\n`, code: 0 } },
  { says: 'a flag that is none', argv: ['--seed', '3'], read: refused(/--seed[\s\S]*\nnpm run simulate/) },
  { says: 'a flag without its value', argv: ['--seeds'], read: refused(/--seeds[\s\S]*\nnpm run simulate/) },
  { says: 'a word', argv: ['all'], read: refused(/all[\s\S]*\nnpm run simulate/) },
  ...['', '0', '-1', '1.5', '1e3', '0x10', '9999999999'].map((text) => ({
    says: `the number "${text}"`,
    argv: [`--seeds=${text}`],
    read: { says: `--seeds takes a whole number from 1 on, not ${text}\n${usage}\n`, code: 1 },
  })),
])('$says', ({ argv, read }) => {
  expect(toolFlags(argv, tool)).toEqual(read)
})
