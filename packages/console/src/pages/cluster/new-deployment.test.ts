import { expect, test } from 'vitest'
import { deploymentBody, type NewDeployment } from './new-deployment.ts'

const wish: NewDeployment = {
  name: 'Mine',
  connectionString: ' mongodb://db.example:27017 ',
  provider: 'AWS',
  region: 'US_EAST_1',
  username: '',
  password: '',
  ca: '',
  allowInvalidHostnames: false,
}
const least = { name: 'Mine', connectionString: 'mongodb://db.example:27017', provider: 'AWS', region: 'US_EAST_1' }

test.each([
  { says: 'what is left empty is not said', of: {}, is: least },
  {
    says: 'an administrator, so that users are managed',
    of: { username: 'root', password: 's3cret' },
    is: { ...least, username: 'root', password: 's3cret' },
  },
  { says: 'whom to trust', of: { ca: 'PEM' }, is: { ...least, tls: { ca: 'PEM' } } },
  {
    says: 'certificates that name other hosts',
    of: { allowInvalidHostnames: true },
    is: { ...least, tls: { allowInvalidHostnames: true } },
  },
])('$says', ({ of, is }) => {
  expect(deploymentBody({ ...wish, ...of })).toEqual(is)
})
