import { describe, expect, test } from 'vitest'
import { languages, programs, type Said } from './programs.ts'

const plain: Said = {
  connectionString: 'mongodb://app:<db_password>@127.1.2.3:1024,127.1.2.3:1025/?authSource=admin&replicaSet=rs0',
  caFile: null,
}
const byName: Said = {
  connectionString: 'mongodb+srv://app:<db_password>@cluster0-pl-0.abcde.postern.internal',
  caFile: 'ca.pem',
}

describe.each(languages)('%s', (language) => {
  const { text } = programs[language]
  test('has the whole string in one literal, and nothing of TLS where there is none', () => {
    expect(text(plain)).toContain(`"${plain.connectionString}"`)
    expect(text(plain)).not.toMatch(/ca\.pem|tlsCAFile/)
  })
  test('trusts the authority of an endpoint that is told by name', () => {
    expect(text(byName)).toContain('"mongodb+srv://app:<db_password>@cluster0-pl-0.abcde.postern.internal')
    expect(text(byName)).toContain('ca.pem')
  })
  test('a string cannot end its literal', () => {
    expect(text({ ...plain, connectionString: 'mongodb://a"b\\c' })).toContain('"mongodb://a\\"b\\\\c"')
  })
})
