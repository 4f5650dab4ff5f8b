import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRoad } from './road.ts'
import { walk } from './walk.ts'

test('files that the string names and that cannot be read are told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-walk-'))
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const file = join(folder, 'here.pem')
    writeFileSync(file, '')
    const unreadable = async (options: string) => {
      const { port } = server.address() as AddressInfo
      const road = await readRoad(`mongodb://127.0.0.1:${port}/?ssl=true${options}`)
      if ('problem' in road) throw new Error(road.problem)
      const facts = await walk(road, { home: undefined, served: null, ours: false, inContainer: false })
      return facts.unreadable
    }
    expect(await unreadable('')).toEqual([])
    expect(await unreadable(`&tlsCAFile=${file}&tlsCertificateKeyFile=${file}`)).toEqual([])
    expect(await unreadable(`&tlsCAFile=${folder}&tlsCertificateKeyFile=${folder}/nope.pem`)).toEqual([
      { option: 'tlsCAFile', file: folder, code: 'EISDIR' },
      { option: 'tlsCertificateKeyFile', file: `${folder}/nope.pem`, code: 'ENOENT' },
    ])
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
})
