// A process that commits as fast as it can and says each id once it is committed, to be killed at any moment.

import { createStore } from './create-store.ts'

const { store } = await createStore({ dataDir: process.argv[2] ?? '' })
for (let number = 0; ; number++) {
  const id = `${process.pid}-${number}`
  await store.transact(async (tx) => {
    const created = new Date()
    await tx
      .insertInto('group')
      .values({ id, org_id: 'org', name: id, hash: id, created, tags: '[]', settings: '{}' })
      .execute()
    await tx.insertInto('group_limit').values({ group_id: id, name: 'limit', value: number }).execute()
  })
  process.send?.(id)
}
