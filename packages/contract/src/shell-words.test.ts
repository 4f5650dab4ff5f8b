import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellCommand } from './shell-words.ts'

test.each([
  'plain-word_1.2:3/4',
  '<VPC_ID>',
  "it's",
  'two words',
  '$(touch /tmp/no) `no` "no" \\',
  'a\nb',
  '',
  '-n',
  "''",
  '*',
  '~',
  '#no',
])('a shell reads %j back as it was', (word) => {
  const command = shellCommand(
    [process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--'],
    [['--flag', word]],
  )
  expect(JSON.parse(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }))).toEqual(['--flag', word])
})
