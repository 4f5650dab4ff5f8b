import { describe, expect, test } from 'vitest'
import type { Flag, Leaf } from './command.ts'
import { checkParsed, parseFlags } from './parse-flags.ts'

const flags: readonly Flag[] = [
  { name: 'region', kind: 'text', required: true, usage: '' },
  { name: 'output', short: 'o', kind: 'text', usage: '' },
  { name: 'force', short: 'f', kind: 'switch', usage: '' },
  { name: 'watch', short: 'w', kind: 'switch', usage: '' },
  { name: 'role', kind: 'list', usage: '' },
  { name: 'limit', kind: 'number', usage: '' },
  { name: 'service-name', also: ['serviceName'], kind: 'text', usage: '' },
  { name: 'page', kind: 'number', usage: '', deprecated: 'it does nothing.' },
]
const read = (argv: readonly string[]) => {
  const { flags: values, args } = parseFlags(flags, argv)
  return { ...Object.fromEntries(values), args: [...args] }
}

describe('values', () => {
  test.each([
    { says: 'a value after a space', argv: ['--region', 'x'], read: { region: 'x', args: [] } },
    { says: 'a value after =', argv: ['--region=x=y'], read: { region: 'x=y', args: [] } },
    { says: 'an empty value', argv: ['--region='], read: { region: '', args: [] } },
    { says: 'a value that begins with a dash', argv: ['--region', '-x'], read: { region: '-x', args: [] } },
    { says: 'a value that looks like a flag', argv: ['--region', '--force'], read: { region: '--force', args: [] } },
    { says: 'a short flag and a space', argv: ['-o', 'json'], read: { output: 'json', args: [] } },
    { says: 'a short flag and =', argv: ['-o=json'], read: { output: 'json', args: [] } },
    { says: 'a short flag and its value in one', argv: ['-ojson'], read: { output: 'json', args: [] } },
    { says: 'a switch', argv: ['--force'], read: { force: true, args: [] } },
    { says: 'a switch turned off', argv: ['--force=false'], read: { force: false, args: [] } },
    { says: 'a switch turned on', argv: ['--force=1'], read: { force: true, args: [] } },
    { says: 'a short switch turned off', argv: ['-f=F'], read: { force: false, args: [] } },
    { says: 'several short switches in one', argv: ['-fw'], read: { force: true, watch: true, args: [] } },
    { says: 'a switch takes no word after it', argv: ['--force', 'x'], read: { force: true, args: ['x'] } },
    { says: 'a comma list', argv: ['--role', 'a,b'], read: { role: ['a', 'b'], args: [] } },
    { says: 'a list given twice', argv: ['--role', 'a,b', '--role=c'], read: { role: ['a', 'b', 'c'], args: [] } },
    { says: 'a number', argv: ['--limit', '500'], read: { limit: 500, args: [] } },
    { says: 'the last one of a text wins', argv: ['--region', 'x', '--region', 'y'], read: { region: 'y', args: [] } },
    { says: 'another spelling', argv: ['--serviceName', 'x'], read: { 'service-name': 'x', args: [] } },
    { says: 'flags between arguments', argv: ['a', '--force', 'b'], read: { force: true, args: ['a', 'b'] } },
    { says: 'nothing is a flag after --', argv: ['--', '--force', '-o'], read: { args: ['--force', '-o'] } },
    { says: 'a lone dash is an argument', argv: ['-'], read: { args: ['-'] } },
  ])('$says', ({ argv, read: expected }) => {
    expect(read(argv)).toEqual(expected)
  })

  test('a deprecated flag is taken and warned about', () => {
    expect(parseFlags(flags, ['--page', '2']).warnings).toEqual(['Flag --page has been deprecated, it does nothing.'])
  })
})

describe('what is refused, in the words of Cobra', () => {
  test.each([
    { argv: ['--regoin', 'x'], error: 'unknown flag: --regoin' },
    { argv: ['--regoin=x'], error: 'unknown flag: --regoin' },
    { argv: ['-z'], error: "unknown shorthand flag: 'z' in -z" },
    { argv: ['-fz'], error: "unknown shorthand flag: 'z' in -fz" },
    { argv: ['--region'], error: 'flag needs an argument: --region' },
    { argv: ['-o'], error: "flag needs an argument: 'o' in -o" },
    { argv: ['--force=maybe'], error: 'invalid argument "maybe" for "-f, --force" flag: neither true nor false' },
    { argv: ['--limit', 'ten'], error: 'invalid argument "ten" for "--limit" flag: not a whole number' },
    { argv: ['--limit', '9'.repeat(30)], error: /not a whole number$/ },
    { argv: ['--__proto__=x'], error: 'unknown flag: --__proto__' },
    { argv: ['--constructor'], error: 'unknown flag: --constructor' },
  ])('$argv', ({ argv, error }) => {
    expect(() => read(argv)).toThrow(error)
  })
})

describe('arguments', () => {
  const leaf = (args: Leaf['args']): Leaf => ({ word: 'x', short: '', args: args ?? [], run: async () => {} })
  const one = { name: 'a', usage: '' }
  const check = (args: Leaf['args'], given: readonly string[]) => () =>
    checkParsed('postern x', leaf(args), parseFlags([], given))

  test.each([
    {
      says: 'one where none is',
      args: [one],
      given: [],
      error: '"postern x" requires 1 argument, received 0\n\nUsage:  postern x <a> [flags]',
    },
    {
      says: 'two where one is',
      args: [one, { ...one, name: 'b' }],
      given: ['1'],
      error: '"postern x" requires 2 arguments, received 1',
    },
    {
      says: 'three where at most two may be',
      args: [one, { ...one, optional: true as const }],
      given: ['1', '2', '3'],
      error: '"postern x" accepts at most 2 arguments, received 3',
    },
    {
      says: 'none where many must be',
      args: [{ ...one, many: true as const }],
      given: [],
      error: '"postern x" requires at least 1 argument, received 0',
    },
    {
      says: 'one that is not on the list',
      args: [{ ...one, many: true as const, optional: true as const, oneOf: ['k'] }],
      given: ['k', 'l'],
      error: 'invalid argument "l" for "postern x"; valid ones are k',
    },
  ])('$says', ({ args, given, error }) => {
    expect(check(args, given)).toThrow(error)
  })

  test.each([
    { says: 'an optional one left out', args: [one, { ...one, optional: true as const }], given: ['1'] },
    { says: 'many', args: [{ ...one, many: true as const }], given: ['1', '2', '3'] },
    { says: 'optional many left out', args: [{ ...one, many: true as const, optional: true as const }], given: [] },
  ])('$says is right', ({ args, given }) => {
    expect(check(args, given)).not.toThrow()
  })

  test('arguments are judged before required flags', () => {
    const withFlags = { ...leaf([one]), flags }
    expect(() => checkParsed('postern x', withFlags, parseFlags(flags, []))).toThrow('requires 1 argument')
    expect(() => checkParsed('postern x', withFlags, parseFlags(flags, ['1']))).toThrow(
      'required flag(s) "region" not set',
    )
  })
})
