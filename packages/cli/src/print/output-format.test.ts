import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../core/usage-error.ts'
import { printerOf } from './output-format.ts'
import { column, rows } from './template.ts'

// One answer, printed in every way that `-o` knows.

const reply = {
  results: [
    { id: 'a1', name: 'shop', ports: [1024, 1025], tags: { env: 'test', team: 'x' }, errorMessage: null, ready: true },
    { id: 'b2', name: 'desk', ports: [], tags: {}, errorMessage: 'full\u001b[2J', ready: false },
  ],
  totalCount: 2,
  links: [],
  privateEndpointIPAddress: '10.0.0.4',
}
const template = rows(column('ID', 'id'))
const printed = async (format: string | undefined, value: unknown = reply): Promise<string> =>
  (await printerOf(format))(value, template)

describe('formats', () => {
  test.each([
    [undefined, 'ID\na1\nb2\n'],
    ['', 'ID\na1\nb2\n'],
    ['plaintext', 'ID\na1\nb2\n'],
    ['json', `${JSON.stringify(reply, null, 2)}\n`],
  ])('%j', async (format, text) => {
    expect(await printed(format)).toBe(text)
  })

  test('yaml: text that looks like something else stays text, long lines stay whole', async () => {
    const long = 'x '.repeat(100).trim()
    expect(await printed('yaml', { id: '0123', on: 'yes', off: 'false', n: 1, list: ['a'], none: null, long })).toBe(
      `id: "0123"\non: yes\noff: "false"\nn: 1\nlist:\n  - a\nnone: null\nlong: ${long}\n`,
    )
  })

  test.each(['json', 'yaml'])('%s of an empty answer', async (format) => {
    expect((await printerOf(format))(undefined, template)).toBe('{}\n')
  })
})

describe('json-path', () => {
  test.each([
    { says: 'one place prints what is there', path: '$.results[0].id', text: '"a1"\n' },
    { says: '$ may be left out', path: 'results[0].id', text: '"a1"\n' },
    { says: 'from the end', path: '$.results[-1].name', text: '"desk"\n' },
    { says: 'an object', path: '$.results[0].tags', text: '{\n  "env": "test",\n  "team": "x"\n}\n' },
    { says: 'null is there', path: '$.results[0].errorMessage', text: 'null\n' },
    { says: 'any number of places prints a list', path: '$.results[*].id', text: '[\n  "a1",\n  "b2"\n]\n' },
    { says: 'a filter', path: "$.results[?@.name == 'desk'].id", text: '[\n  "b2"\n]\n' },
    { says: 'a filter that finds nothing', path: "$.results[?@.name == 'x'].id", text: '[]\n' },
    { says: 'all the way down', path: '$..env', text: '[\n  "test"\n]\n' },
    { says: 'a bare list', path: '$[1]', value: [1, 2], text: '2\n' },
  ])('$says: $path', async ({ path, text, value }) => {
    expect(await printed(`json-path=${path}`, value)).toBe(text)
  })

  test('nothing at the one place is an error', async () => {
    await expect(printed('json-path=$.results[0].idd')).rejects.toThrow(
      'json-path: the answer has nothing at $.results[0].idd',
    )
  })
})

describe('go-template', () => {
  test.each([
    { says: 'text alone', source: 'hello\n', text: 'hello\n' },
    { says: 'a field by its JSON name', source: '{{.totalCount}}', text: '2' },
    { says: "a field by Go's name", source: '{{.TotalCount}} {{.PrivateEndpointIpAddress}}', text: '2 10.0.0.4' },
    { says: 'what is missing or null is nothing', source: '[{{.nope.deeper}}]', text: '[]' },
    { says: 'range', source: '{{range .results}}{{.id}}\n{{end}}', text: 'a1\nb2\n' },
    {
      says: 'range with index and element',
      source: '{{range $i, $e := .results}}{{$i}}={{$e.id}};{{end}}',
      text: '0=a1;1=b2;',
    },
    { says: 'range with the element alone', source: '{{range $e := .results}}{{$e.id}};{{end}}', text: 'a1;b2;' },
    {
      says: 'range over an object, by name',
      source: '{{with index .results 0}}{{range $k, $v := .tags}}{{$k}}:{{$v}} {{end}}{{end}}',
      text: 'env:test team:x ',
    },
    { says: 'range with else', source: '{{range .links}}x{{else}}none{{end}}', text: 'none' },
    { says: 'the root inside a range', source: '{{range .results}}{{$.totalCount}}{{end}}', text: '22' },
    {
      says: 'if, else if, else',
      source: '{{range .results}}{{if eq .id "x"}}X{{else if .ready}}R{{else}}-{{end}}{{end}}',
      text: 'R-',
    },
    { says: 'an empty list is false', source: '{{if .links}}yes{{else}}no{{end}}', text: 'no' },
    { says: 'with and its else', source: '{{with .links}}x{{else}}{{.totalCount}}{{end}}', text: '2' },
    { says: 'variables', source: '{{$n := len .results}}{{$n}}{{$n = 5}}{{$n}}', text: '25' },
    {
      says: 'a variable that is set inside of a range is set outside',
      source: '{{$last := ""}}{{range .results}}{{$last = .id}}{{end}}{{$last}}',
      text: 'b2',
    },
    {
      says: 'a variable of an inner block hides the outer one only there',
      source: '{{$a := 1}}{{if true}}{{$a := 2}}{{$a}}{{end}}{{$a}}',
      text: '21',
    },
    { says: 'pipes', source: '{{.results | len | printf "%03d"}}', text: '002' },
    { says: 'parentheses, and a field behind them', source: '{{(index .results 1).name}}', text: 'desk' },
    { says: 'index by name', source: '{{index .results 0 "tags" "env"}}', text: 'test' },
    {
      says: 'printf',
      source: '{{printf "%s|%-4v|%5.1f|%q|%t|100%%" "a" 1 2.25 "q\\"" true}}',
      text: 'a|1   |  2.3|"q\\""|true|100%',
    },
    { says: 'print and println', source: '{{print 1 2 "a" 3}}{{println "b" 4}}', text: '1 2a3b 4\n' },
    {
      says: 'lists and objects as Go shows them',
      source: '{{with index .results 0}}{{.ports}} {{.tags}}{{end}}',
      text: '[1024 1025] map[env:test team:x]',
    },
    { says: 'json', source: '{{with index .results 0}}{{json .tags}}{{end}}', text: '{"env":"test","team":"x"}' },
    {
      says: 'comparisons',
      source: '{{lt 1 2}} {{le 2 2}} {{gt "b" "a"}} {{ge 1 2}} {{ne 1 2}} {{eq 3 1 2 3}}',
      text: 'true true true false true true',
    },
    {
      says: 'and, or, not',
      source: '{{and 1 0}} {{and .nope 2}} {{or 0 "x"}} {{or "" 0}} {{not .links}}',
      text: '0  x 0 true',
    },
    { says: 'white space is trimmed on demand', source: 'a  {{- 1 -}}  b', text: 'a1b' },
    { says: 'a minus is no trim mark', source: 'a {{-1}} b', text: 'a -1 b' },
    { says: 'comments', source: 'a{{/* not {{ shown }} */}}b{{- /* x */ -}} c', text: 'abc' },
    { says: 'braces inside of text', source: '{{"}}"}}{{`a"b`}}', text: '}}a"b' },
    {
      says: 'tabs make columns',
      source: 'ID\tNAME\tREADY{{range .results}}\n{{.id}}\t{{.name}}\t{{.ready}}{{end}}\n',
      text: 'ID    NAME   READY\na1    shop   true\nb2    desk   false\n',
    },
    { says: 'nothing steers the terminal', source: '{{(index .results 1).errorMessage}}', text: 'full [2J' },
    { says: 'names of JavaScript are no fields', source: '[{{.constructor}}{{.__proto__}}]', text: '[]' },
  ])('$says: $source', async ({ source, text }) => {
    expect(await printed(`go-template=${source}`)).toBe(text)
  })

  test.each([
    ['{{.a', 'line 1: an action is not closed by }}'],
    ['\n{{if .a}}x', 'line 2: {{if}} without {{end}}'],
    ['{{if .a}}x{{else}}y', 'line 1: {{if}} with {{else}} but without {{end}}'],
    ['{{end}}', 'line 1: {{end}} without a beginning'],
    ['{{else}}', 'line 1: {{else}} without a beginning'],
    ['{{frobnicate 1}}', 'line 1: function "frobnicate" not defined; there are len, index'],
    ['{{template "x"}}', 'line 1: {{template}} is not supported'],
    ['{{.a & .b}}', 'line 1: unexpected "&" in an action'],
    ['{{.a .b}}', 'line 1: only a function takes arguments'],
    ['{{if}}x{{end}}', 'line 1: a value is missing'],
    ['{{(len .a}}', 'line 1: ( without )'],
    ['{{.a | }}', 'line 1: a value is missing'],
    ['{{"\\q"}}', 'line 1: "\\q" has an escape that is not known'],
    ['{{.a..b}}', 'line 1: a field\'s name is missing after "."'],
    ['{{range .a}}{{else range .b}}{{end}}', 'line 1: unexpected "range" after else'],
  ])('%j is no template: %s', async (source, error) => {
    await expect(printerOf(`go-template=${source}`)).rejects.toThrow(`go-template: ${error}`)
  })

  test.each([
    ['{{.totalCount.x}}', 'can\'t evaluate field x in "2"'],
    ['{{.results.id}}', "can't evaluate field id in a list"],
    ['{{range .totalCount}}{{end}}', "range can't iterate over 2"],
    ['{{index .results 7}}', 'index 7 is out of range: there are 2'],
    ['{{$x}}', 'undefined variable "$x"'],
    ['{{lt 1 "a"}}', '"1" and "a" cannot be compared'],
    ['{{printf "%d"}}', 'printf: no argument for %d'],
    ['{{printf "%z" 1}}', 'printf: %z is not supported'],
    ['{{len}}', 'len wants an argument'],
    ['{{1 | .totalCount}}', 'only a function takes what is piped'],
  ])('%s cannot be carried out: %s', async (source, error) => {
    await expect(printed(`go-template=${source}`)).rejects.toThrow(`go-template: ${error}`)
  })

  test('whatever is typed is read, or refused in a sentence', async () => {
    const pieces = [
      '{{',
      '}}',
      '{{-',
      '-}}',
      'if',
      'else',
      'end',
      'range',
      'with',
      '.',
      '.id',
      '$',
      '$a',
      ':=',
      '=',
      ',',
    ]
    const more = ['(', ')', '|', ' ', '"x"', '`', '"', '1', 'len', 'index', 'printf', 'and', 'eq', 'nil', 'text', '\n']
    const source = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 25 }).map((words) => words.join(''))
    await fc.assert(
      fc.asyncProperty(source, async (text) => {
        const told = await printed(`go-template=x${text}`).catch((problem: unknown) => problem)
        expect(typeof told === 'string' || told instanceof UsageError).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-template-'))
    try {
      await writeFile(join(folder, 'ids.tpl'), '{{range .results}}{{println .id}}{{end}}')
      expect(await printed(`go-template-file=${join(folder, 'ids.tpl')}`)).toBe('a1\nb2\n')
      await expect(printed(`go-template-file=${join(folder, 'none')}`)).rejects.toThrow(
        /cannot read the template .*ENOENT/,
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

test.each([
  [
    'xml',
    'invalid output format "xml"; accepted values: plaintext, json, yaml, json-path=…, go-template=…, go-template-file=…',
  ],
  ['json-path', 'output format "json-path" wants a value: -o json-path=…'],
  ['go-template=', 'output format "go-template=" wants a value after "="'],
  ['json=x', 'invalid output format "json=x"'],
  ['constructor', 'invalid output format "constructor"'],
  ['json-path=$.[', 'json-path: '],
])('%s is refused', async (format, error) => {
  await expect(printerOf(format)).rejects.toThrow(error)
})
