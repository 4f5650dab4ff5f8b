// What the gateway costs beside a plain TCP proxy, HAProxy and no proxy at all. Everybody is measured by turns in one run;
// throughput and CPU time of an operation (all threads) stand beside each other, since on a machine that does other
// things besides only the second is to be trusted, and of both only the ratios.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, release, type } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { nativeFile } from '../../packages/edge/src/gateway/join/native.ts'
import { createAuthority } from '../../packages/edge/src/gateway/testing/certificates.ts'
import { bundle } from '../../packages/postern/build.ts'
import { UsageError, wholeNumbers } from '../usage.ts'
import { type Bench, type Case, cases, ownCore, takeRounds } from './cases.ts'
import { findHaproxy, splices } from './haproxy.ts'
import { holdIdle } from './idle.ts'
import { startLoad } from './load.ts'
import { startNode } from './node-process.ts'
import { canKeepOnCore, keepOnCore, standBack } from './process-usage.ts'
import { hotFunctions } from './profile.ts'
import { type CaseReport, leastRounds, printed, reportOf } from './report.ts'
import { direct, edge, haproxy, nodePipe, type Scene, type Target } from './targets.ts'

export const gatewayFlags =
  '[--only small-16,big-8] [--rounds 5] [--ms 800] [--workers 2,4] [--relay] [--idle max|5000] [--beside OTHER/bin.js] [--pin] [--profile] [--json]'

const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/** Prints the tables on stdout and what it is doing on stderr. Throws UsageError, and what parseArgs throws. */
export async function benchGateway(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: cases.map(({ name }) => name).join(',') },
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '800' },
      workers: { type: 'string', default: '1' },
      relay: { type: 'boolean', default: false },
      idle: { type: 'string' },
      beside: { type: 'string' },
      pin: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const wanted = casesCalled(values.only)
  const [rounds = leastRounds] = wholeNumbers('rounds', values.rounds)
  const [ms = 800] = wholeNumbers('ms', values.ms)
  const leftOut: string[] = []
  const crews = wholeNumbers('workers', values.workers).filter((count) => count > 1)

  await mkdir(cache, { recursive: true })
  const folder = `${await mkdtemp(`${cache}postern-bench-`)}/`
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    await prepare(folder)
    const members = { busy: startNode(`${folder}member-process.js`), quiet: startNode(`${folder}member-process.js`) }
    closing.push(members.busy.close, members.quiet.close)
    const scene: Scene = {
      folder,
      members: { busy: await members.busy.said<number>(), quiet: await members.quiet.said<number>() },
      tls: await certificate(folder),
    }
    const [load, quietLoad] = [startLoad(folder), startLoad(folder)]
    closing.push(load.close, quietLoad.close)
    if (values.idle !== undefined) {
      const [most = null] = values.idle === 'max' ? [] : wholeNumbers('idle', values.idle)
      await holdIdle(edge(scene, { name: 'Postern', bin: `${folder}bin.js`, relay: values.relay }), { load, most })
      return
    }
    const pinned = values.pin && canKeepOnCore()
    if (pinned && crews.length > 0) leftOut.push('several workers: cores are kept apart, and one is theirs')
    if (values.pin && !pinned) leftOut.push('cores kept apart: there is one core, or no taskset')
    const floods = [load.pid, members.busy.pid]
    const onCore = (core: number | null): void => {
      for (const pid of [...floods, quietLoad.pid, members.quiet.pid]) keepOnCore(pid, core)
    }
    const stepBack = (back: boolean): boolean => floods.every((pid) => standBack(pid, back))
    if (pinned) onCore(0)
    const apart = (): (() => void) => {
      onCore(0)
      stepBack(true)
      return () => {
        stepBack(false)
        if (!pinned) onCore(null)
      }
    }
    const canKeepApart = canKeepOnCore() && stepBack(true) && stepBack(false)
    if (!canKeepApart) leftOut.push('a flood without its own load: that takes two cores, and chrt')
    const bench: Bench = {
      ...{ load, quietLoad, memberPid: members.busy.pid, ms },
      core: pinned ? ownCore : null,
      apart: canKeepApart ? apart : null,
    }
    const binary = await findHaproxy()
    const profiles = `${folder}profiles`
    const ours = {
      bin: `${folder}bin.js`,
      execArgv: values.profile ? ['--cpu-prof', '--cpu-prof-interval', '100', '--cpu-prof-dir', profiles] : [],
    }
    const withRelay = values.relay && existsSync(`${folder}${nativeFile}`)
    const targets: readonly Target[] = [
      ...(withRelay ? [edge(scene, { ...ours, name: 'Postern, relay', relay: true })] : []),
      edge(scene, { ...ours, name: 'Postern' }),
      ...(pinned ? [] : crews.map((workers) => edge(scene, { ...ours, name: `Postern, ${workers} workers`, workers }))),
      ...(values.beside === undefined
        ? []
        : [edge(scene, { name: 'beside', bin: resolve(values.beside), relay: values.relay })]),
      ...(binary === null ? [] : splices.map((splice) => haproxy(scene, binary, splice))),
      nodePipe(scene),
      direct(scene),
    ]
    const machine = describe(binary, pinned)
    if (values.relay && !withRelay) leftOut.push('the relay: it is not built here (npm run native)')
    if (binary === null) leftOut.push('HAProxy: it is not on this machine')
    if (rounds < leastRounds) leftOut.push(`ratios: ${rounds} rounds say nothing, at least ${leastRounds} do`)

    if (!values.json) process.stdout.write(`${Object.values(machine).join(', ')}; medians of ${rounds} rounds\n`)
    const reports: CaseReport[] = []
    for (const one of wanted) {
      process.stderr.write(`${one.name}\n`)
      const taken = await takeRounds(one, { bench, targets, rounds })
      const report = reportOf(one, inOrder(targets, taken))
      reports.push(report)
      if (!values.json) process.stdout.write(`\n${printed(report)}`)
      if (values.profile) process.stdout.write(`\n${await hotFunctions(profiles)}`)
    }
    if (values.json) process.stdout.write(`${JSON.stringify({ machine, rounds, cases: reports, leftOut }, null, 2)}\n`)
    else if (leftOut.length > 0)
      process.stdout.write(`\nNot measured\n${leftOut.map((line) => `  ${line}\n`).join('')}`)
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}

function casesCalled(text: string): readonly Case[] {
  return text.split(',').map((name) => {
    const found = cases.find((each) => each.name === name)
    if (found !== undefined) return found
    throw new UsageError(`--only: "${name}" is none of ${cases.map((each) => each.name).join(', ')}`)
  })
}

const inOrder = <Value>(targets: readonly Target[], taken: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
  new Map(
    targets.flatMap(({ name }) => {
      const found = taken.get(name)
      return found === undefined ? [] : [[name, found] as const]
    }),
  )

/** The product's own bundle, and the measurement's processes beside it. */
async function prepare(folder: string): Promise<void> {
  await bundle(folder)
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
  await build({
    entryPoints: ['member-process.ts', 'pipe-process.ts', 'load-process.ts'].map(here),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
  })
  await copyFile(here('collect-garbage.js'), `${folder}collect-garbage.js`)
}

async function certificate(folder: string): Promise<Scene['tls']> {
  const servername = 'gateway.bench.test'
  const authority = await createAuthority()
  const { key, cert } = await authority.issue([servername])
  const pem = `${folder}gateway.pem`
  await writeFile(pem, `${cert.trimEnd()}\n${key}`, { mode: 0o600 })
  return { ca: authority.ca, pem, servername }
}

const describe = (haproxyBinary: string | null, pinned: boolean) => ({
  cpu: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
  system: `${type()} ${release()}`,
  node: `Node.js ${process.version}`,
  cores: pinned ? 'load and members on core 0, who is measured on core 1' : 'on whichever cores',
  ...(haproxyBinary !== null && {
    haproxy: execFileSync(haproxyBinary, ['-v'], { encoding: 'utf8' }).split('\n')[0]?.split(' - ')[0] ?? 'HAProxy',
  }),
})
