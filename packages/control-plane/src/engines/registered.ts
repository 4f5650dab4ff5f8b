// A deployment of the user's own as an engine: there is nothing to make, and nothing of theirs is ever taken away. It
// is reached by what was registered. What Postern made there, users and roles, the cluster's turn takes back before it is
// forgotten (resources/database-access/take-back.ts).

import type { Engine } from './engine.ts'

export const registeredEngine = (): Engine => ({
  name: 'registered',
  ensure: async ({ reach }) => reach.hosts,
  remove: async () => {},
})
