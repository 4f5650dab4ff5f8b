// `postern doctor`: what is asked about, looked at from here and by the control plane, both views joined and printed.
// A connection string can be examined where no control plane is known; everything else needs one.

import { ApiError, UnreachableError } from '@postern/contract/client'
import { type Finding, finding, joinFindings } from '@postern/contract/diagnosis'
import type { BodyInputOf, QueryOf, ReplyOf } from '@postern/contract/schemas/operations'
import type { Context } from '../core/context.ts'
import { whileWaiting } from '../core/progress.ts'
import { UsageError } from '../core/usage-error.ts'
import { readBootstrap } from '../server/bootstrap.ts'
import { homeFolder } from '../server/folders.ts'
import { dial } from './dial.ts'
import { keysAccepted, lookAtDns, lookAtHome, lookAtServer, refusedCall } from './installation.ts'
import {
  askedForPolicy,
  type Crowd,
  refusedBetween,
  roomForConnections,
  turnedAway,
  withinPolicy,
} from './judge-connections.ts'
import { type RegionWalk, regionsReached } from './judge-regions.ts'
import { edgeListens, judgeRoad, type RoadFacts } from './judge-road.ts'
import type { EndpointPolicy } from './refusals.ts'
import { exitCodeOf, plainReport, type Report } from './report.ts'
import { type Road, readRoad } from './road.ts'
import { type Subject, subjectOf } from './subject.ts'
import { type Surroundings, timeoutMs, walk } from './walk.ts'

type Question = BodyInputOf<'diagnoseGroup'>
type Diagnosis = ReplyOf<'diagnoseGroup'>

/** A cluster may have many endpoints, an endpoint many clusters. */
const mostRoads = 8
const mostPorts = 32

export async function doctor(context: Context): Promise<number> {
  const subject = await subjectOf(context)
  const report = await whileWaiting(context.io.stderr, 'Examining', examine(context, subject))
  const template = { plain: () => plainReport(report, context.isOn('all')) }
  context.printLocal(report, template)
  return exitCodeOf(report)
}

function examine(context: Context, subject: Subject): Promise<Report> {
  switch (subject.kind) {
    case 'installation':
      return theInstallation(context)
    case 'target':
      return theTarget(context, subject.target)
    case 'string':
      return theString(context, subject.text)
  }
}

async function theInstallation(context: Context): Promise<Report> {
  const view = await controlPlane(context, {})
  const home = await homeAtHand(context)
  const crowd = view.diagnosis === null ? null : await crowdOf(context) // before anything is dialled that may be refused
  const served = view.diagnosis?.served.slice(0, mostPorts) ?? []
  const options = {
    tls: false,
    ca: undefined,
    allowInvalidCertificates: false,
    allowInvalidHostnames: false,
    loadBalanced: null, // whether anything listens is all that is asked
    timeoutMs,
  }
  const doors = await Promise.all(served.map((hostPort) => dial(hostPort, options)))
  const listens = edgeListens(doors, { served: new Set(served), besideEdge: home !== undefined })
  return {
    subject: 'the installation',
    findings: joinFindings([
      ...view.findings,
      ...(served.length === 0 ? [] : [listens]),
      ...(view.diagnosis === null ? [] : await crowdFindings(context, crowd)),
      ...(home === undefined ? [] : [await lookAtHome(home.folder)]),
      ...(home?.dnsAddress === undefined ? [] : [await lookAtDns(home.dnsAddress)]),
    ]),
  }
}

async function theTarget(context: Context, target: string): Promise<Report> {
  const { findings, diagnosis } = await controlPlane(context, { target })
  const surroundings: Surroundings = {
    home: await homeAtHand(context),
    served: diagnosis === null ? null : new Set(diagnosis.served),
    ours: true,
    inContainer: context.io.inContainer(),
  }
  const crowd = diagnosis === null ? null : await crowdOf(context, queryOf(target, diagnosis))
  const walked: Finding[] = []
  const regions: RegionWalk[] = []
  for (const { connectionString, region } of diagnosis?.roads.slice(0, mostRoads) ?? []) {
    const road = await readRoad(connectionString)
    if ('problem' in road) continue
    const facts = await walk(road, surroundings)
    walked.push(...judgeRoad(await withRefusal(context, facts, crowd)))
    regions.push({ region, doors: facts.doors })
  }
  const reached = regionsReached(regions, { besideEdge: surroundings.home !== undefined })
  const room = regions.length === 0 ? [] : await crowdFindings(context, crowd)
  return { subject: target, findings: joinFindings([...findings, ...walked, reached, ...room]) }
}

async function theString(context: Context, text: string): Promise<Report> {
  const subject = 'the connection string'
  const road = await readRoad(text)
  if ('problem' in road) {
    const unreadable = finding('string-readable', 'FAILED', road.problem, {
      why: 'A driver refuses it before it dials anything.',
      whatToDo: 'Correct it, or take the cluster’s string anew.',
    })
    return { subject, findings: [unreadable] }
  }
  const view = await controlPlaneIfAny(context, road)
  const surroundings: Surroundings = {
    home: view === null ? undefined : await homeAtHand(context),
    served: view?.diagnosis ? new Set(view.diagnosis.served) : null,
    ours: false,
    inContainer: context.io.inContainer(),
  }
  const crowd = view?.diagnosis ? await crowdOf(context) : null
  const readable = finding('string-readable', 'OK', 'The string can be read.')
  const walked = judgeRoad(await withRefusal(context, await walk(road, surroundings), crowd))
  const room = view?.diagnosis ? await crowdFindings(context, crowd) : []
  // Whoever has a string needs no control plane to use it: that it does not answer is told, and is no failure of the road.
  const told = (view?.findings ?? []).map((each) =>
    each.status === 'FAILED' && view?.diagnosis === null ? { ...each, status: 'WARNING' as const } : each,
  )
  return { subject, findings: joinFindings([readable, ...told, ...walked, ...room]) }
}

/** `crowd`: null where the gateways cannot be asked. */
async function crowdFindings(context: Context, crowd: Crowd | null): Promise<readonly Finding[]> {
  const now = Date.now()
  const asked = askedForPolicy(crowd, now).slice(0, mostRoads)
  const policies = new Map((await Promise.all(asked.map((each) => policyOf(context, each)))).flat())
  return [roomForConnections(crowd, now), withinPolicy(crowd, policies, now), turnedAway(crowd, now)]
}

/** By the endpoint's id; empty of a standard listener, and where it cannot be told. */
async function policyOf(
  context: Context,
  { endpointId, endpointServiceId }: Crowd['endpoints'][number],
): Promise<readonly (readonly [string, EndpointPolicy])[]> {
  const query = { endpointServiceId, endpointId }
  try {
    const params = { groupId: await context.groupId() }
    const { body } = await (await context.client()).call('listGroupPrivateEndpoints', { params, query })
    return body.results.map(({ policy }) => [endpointId, policy] as const)
  } catch (problem) {
    if (problem instanceof ApiError || problem instanceof UnreachableError) return []
    throw problem
  }
}

async function crowdOf(context: Context, query: QueryOf<'summarizeGroupConnections'> = {}): Promise<Crowd | null> {
  try {
    const params = { groupId: await context.groupId() }
    return (await (await context.client()).call('summarizeGroupConnections', { params, query })).body
  } catch (problem) {
    if (problem instanceof ApiError || problem instanceof UnreachableError) return null
    throw problem
  }
}

const queryOf = (target: string, { roads }: Diagnosis): QueryOf<'summarizeGroupConnections'> => {
  if (roads.some(({ clusterName }) => clusterName === target)) return { clusterName: target }
  return roads.some(({ endpointId }) => endpointId === target) ? { endpointId: target } : {}
}

/** Where the gateway's log is on another machine, what it counted since `before` says why it ended our connections. */
async function withRefusal(context: Context, facts: RoadFacts, before: Crowd | null): Promise<RoadFacts> {
  const isCut = facts.doors.some(({ tcp, hello }) => tcp === 'OPEN' && hello === null)
  if (!isCut || before === null || facts.log !== null) return facts
  return { ...facts, refused: refusedBetween(before, await crowdOf(context)) }
}

interface View {
  readonly findings: readonly Finding[]
  /** Null where the control plane did not answer, or knows no such project. */
  readonly diagnosis: Diagnosis | null
}

/** Throws UsageError where no server is known, and ApiError for what is no matter of reach or keys. */
async function controlPlane(context: Context, question: Question): Promise<View> {
  const { baseUrl } = await context.server()
  const groupId = await context.groupId()
  const server = await lookAtServer(context.io, baseUrl)
  if (server.some(({ status }) => status === 'FAILED')) return { findings: server, diagnosis: null }
  try {
    const { body } = await (await context.client()).call('diagnoseGroup', { params: { groupId }, body: question })
    return { findings: [...server, keysAccepted, ...body.findings], diagnosis: body }
  } catch (problem) {
    return { findings: [...server, ...refusedCall(problem)], diagnosis: null }
  }
}

/** Null where no server is known: whoever has only a connection string needs none. */
async function controlPlaneIfAny(
  context: Context,
  { srvName, hosts, username, authSource }: Road,
): Promise<View | null> {
  const question: Question = {
    hosts: srvName === null ? [...hosts] : [srvName],
    ...(username === null ? {} : { username, databaseName: authSource }),
  }
  try {
    return await controlPlane(context, question)
  } catch (problem) {
    if (problem instanceof UsageError) return null
    throw problem
  }
}

/** The home on this machine, where the server in use is its own. */
async function homeAtHand(context: Context) {
  const folder = homeFolder(context.io.env)
  const bootstrap = await readBootstrap(folder).catch(() => undefined)
  if (bootstrap?.apiUrl !== (await context.server()).baseUrl) return undefined
  return { folder, caFile: bootstrap.caFile, dnsAddress: bootstrap.dnsAddress }
}
