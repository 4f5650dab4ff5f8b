import { describe, expect, test } from 'vitest'
import { withProperty } from './profile-text.ts'

describe('editing the text of a file', () => {
  const change = { profile: 'work', property: 'output', value: 'json' }
  test.each([
    { says: 'an empty file', before: '', after: '[work]\noutput = "json"\n' },
    {
      says: 'a file with another profile',
      before: '# mine\nversion = 2\n[other]\noutput = "x"\n',
      after: '# mine\nversion = 2\n[other]\noutput = "x"\n\n[work]\noutput = "json"\n',
    },
    {
      says: 'a key of this profile, others of the same name left alone',
      before: '[other]\noutput = "x"\n[work] # main\n# why\noutput="y"\norg_id = "z"\n[last]\noutput = "x"\n',
      after: '[other]\noutput = "x"\n[work] # main\n# why\noutput = "json"\norg_id = "z"\n[last]\noutput = "x"\n',
    },
    {
      says: 'a profile without the key',
      before: '[work]\norg_id = "z"\n\n[last]\n',
      after: '[work]\norg_id = "z"\noutput = "json"\n\n[last]\n',
    },
  ])('$says', ({ before, after }) => {
    expect(withProperty(before, change)).toBe(after)
  })

  test('a name that TOML wants quoted', () => {
    expect(withProperty('', { ...change, profile: 'my team' })).toBe('["my team"]\noutput = "json"\n')
  })
})
