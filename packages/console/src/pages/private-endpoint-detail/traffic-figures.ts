// What the points of an endpoint's traffic come to. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Traffic = ReplyOf<'getGroupPrivateEndpointTraffic'>
export type Point = Traffic['points'][number]

/** By the `period` that stands in the URL; none is the first. */
export const periods = {
  PT1H: { label: 'Hour', within: 'in the last hour' },
  PT24H: { label: 'Day', within: 'in the last day' },
} as const
export type Period = keyof typeof periods

export const periodOf = (text: string | undefined): Period => (text === 'PT24H' ? text : 'PT1H')

export interface Sums {
  readonly bytesFromClient: number
  readonly bytesFromMember: number
  readonly newConnections: number
  readonly refused: number
  /** Open now. */
  readonly connections: number
  /** Nothing was sent, opened or turned away, and nobody was connected. */
  readonly quiet: boolean
}

export const sumsOf = ({ points }: Traffic): Sums => {
  const sum = (of: keyof Omit<Point, 'from'>): number => points.reduce((total, point) => total + point[of], 0)
  return {
    bytesFromClient: sum('bytesFromClient'),
    bytesFromMember: sum('bytesFromMember'),
    newConnections: sum('newConnections'),
    refused: sum('refused'),
    connections: points.at(-1)?.connections ?? 0,
    quiet: !points.some(moved),
  }
}

/** For a table: the newest first, without those in which nothing was. */
export const rowsOf = ({ points }: Traffic): readonly Point[] => points.filter(moved).toReversed()

const moved = ({ bytesFromClient, bytesFromMember, connections, newConnections, refused }: Point): boolean =>
  bytesFromClient + bytesFromMember + connections + newConnections + refused > 0

export const timeOf = (from: string): string =>
  new Date(from).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
