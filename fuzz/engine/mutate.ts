// From inputs that led somewhere to a new one: a few changes, each chosen by the handed-in chance. Lengths are what our
// formats are made of, so one change writes the length of what follows.

import type { Random } from '../../packages/postern/src/simulation/random.ts'

export interface Ground {
  readonly inputs: readonly Buffer[]
  readonly words: readonly Buffer[]
  readonly longest: number
}

const telling = [
  0, 1, 2, 3, 4, 5, 8, 12, 13, 14, 16, 17, 21, 36, 63, 64, 127, 128, 254, 255, 256, 512, 4095, 4096, 4097,
]
const tellingWide = [...telling, 32_767, 32_768, 65_535, 48_000_000, 48_000_001, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]

type Change = (input: Buffer, random: Random, ground: Ground) => Buffer

const place = (input: Buffer, random: Random): number => random.below(input.length + 1)
/** Mostly short. */
const span = (random: Random, most: number): number =>
  1 + random.below(Math.max(1, random.chance(0.9) ? Math.min(8, most) : most))

const spliced = (input: Buffer, at: number, removed: number, added: Buffer): Buffer =>
  Buffer.concat([input.subarray(0, at), added, input.subarray(Math.min(input.length, at + removed))])

const withByte = (input: Buffer, random: Random, change: (byte: number) => number): Buffer => {
  if (input.length === 0) return input
  const copy = Buffer.from(input)
  const at = random.below(copy.length)
  copy[at] = change(copy[at] ?? 0)
  return copy
}

/** Writes a number in one of the sizes and orders in use, where there is room. */
const withNumber = (input: Buffer, random: Random, value: (at: number) => number): Buffer => {
  if (input.length < 4) return input
  const copy = Buffer.from(input)
  const at = random.below(copy.length - 3)
  const number = Math.max(0, value(at))
  switch (random.below(4)) {
    case 0:
      copy.writeUInt16BE(number % 65_536, at)
      break
    case 1:
      copy.writeUInt16LE(number % 65_536, at)
      break
    default:
      copy.writeUInt32LE(number % 2 ** 32, at)
  }
  return copy
}

const changes: readonly Change[] = [
  (input, random) => withByte(input, random, (byte) => byte ^ (1 << random.below(8))),
  (input, random) => withByte(input, random, () => random.below(256)),
  (input, random) => withByte(input, random, (byte) => byte + 1 + random.below(8)),
  (input, random) => withByte(input, random, (byte) => byte - 1 - random.below(8)),
  (input, random) => withByte(input, random, () => random.pick(telling) ?? 0),
  (input, random) => withNumber(input, random, () => random.pick(tellingWide) ?? 0),
  (input, random) => withNumber(input, random, (at) => input.length - at - random.below(20)),
  (input, random) => withNumber(input, random, () => random.below(Math.max(1, input.length))),
  (input, random) => spliced(input, place(input, random), span(random, input.length), Buffer.alloc(0)),
  (input, random) => spliced(input, place(input, random), 0, Buffer.from(random.hex(span(random, 16)), 'hex')),
  (input, random) => spliced(input, place(input, random), 0, Buffer.alloc(span(random, 64), random.below(256))),
  (input, random) => {
    const from = place(input, random)
    const piece = input.subarray(from, from + span(random, input.length))
    return spliced(input, place(input, random), random.chance(0.5) ? piece.length : 0, piece)
  },
  (input, random, { words }) => {
    const word = random.pick(words) ?? Buffer.alloc(0)
    return spliced(input, place(input, random), random.chance(0.5) ? word.length : 0, word)
  },
  (input, random, { inputs }) => {
    const other = random.pick(inputs) ?? input
    const from = place(other, random)
    const piece = other.subarray(from, from + span(random, other.length))
    return spliced(input, place(input, random), random.chance(0.5) ? piece.length : 0, piece)
  },
  (input, random, { inputs }) => {
    const other = random.pick(inputs) ?? input
    return Buffer.concat([input.subarray(0, place(input, random)), other.subarray(place(other, random))])
  },
]

/** Those found last are taken more often: they lie at the edge of what is known. */
export function mutated(random: Random, ground: Ground): Buffer {
  const recent = ground.inputs.slice(-16)
  let input = random.pick(random.chance(0.3) ? recent : ground.inputs) ?? Buffer.alloc(0)
  let times = 1
  while (times < 64 && random.chance(0.6)) times++
  for (let time = 0; time < times; time++) input = random.pick(changes)?.(input, random, ground) ?? input
  return input.length > ground.longest ? input.subarray(0, ground.longest) : input
}
