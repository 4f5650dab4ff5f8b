// OP_COMPRESSED with zlib, the one compressor that every supported Node has and every driver knows (OP_COMPRESSED
// specification). A claimed size is never believed: inflating stops at it.
import { deflateSync, inflateSync } from 'node:zlib'
import { FrameError, headerBytes, maxFrameBytes } from './frame.ts'
import { opCodes, readHeader, writeHeader } from './message.ts'

const zlibId = 2
const noopId = 0
/** What `compression` in the handshake's answer may hold. */
export const compressors: readonly string[] = ['zlib']

/**
 * The frame inside an OP_COMPRESSED frame, as if it had come uncompressed.
 * @param limit the largest size, in bytes, that the inflated frame may have
 * @throws FrameError for another compressor, a wrong size, or bytes that do not inflate
 */
export function decompress(frame: Buffer, limit: number = maxFrameBytes): Buffer {
  if (frame.length < headerBytes + 9) throw new FrameError('an OP_COMPRESSED that is cut off')
  const { requestId, responseTo } = readHeader(frame)
  const opCode = frame.readInt32LE(headerBytes)
  const size = frame.readInt32LE(headerBytes + 4)
  if (opCode === opCodes.compressed) throw new FrameError('compressed twice')
  if (size < 0 || size + headerBytes > limit) throw new FrameError(`a compressed message announces ${size} bytes`)
  const body = inflate(frame.subarray(headerBytes + 9), frame[headerBytes + 8], size)
  if (body.length !== size) throw new FrameError('a compressed message has another size than announced')
  const whole = Buffer.allocUnsafe(headerBytes + size)
  whole.set(body, headerBytes)
  writeHeader(whole, { requestId, responseTo, opCode })
  return whole
}

function inflate(bytes: Buffer, compressor: number | undefined, size: number): Buffer {
  if (compressor === noopId) return bytes
  if (compressor !== zlibId) throw new FrameError(`compressor ${compressor} was not offered`)
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(size, 1) })
  } catch {
    throw new FrameError('a compressed message does not inflate')
  }
}

/** Wraps a whole frame into OP_COMPRESSED with zlib. */
export function compress(frame: Buffer): Buffer {
  const header = readHeader(frame)
  const body = deflateSync(frame.subarray(headerBytes))
  const wrapped = Buffer.allocUnsafe(headerBytes + 9 + body.length)
  writeHeader(wrapped, { ...header, opCode: opCodes.compressed })
  wrapped.writeInt32LE(header.opCode, headerBytes)
  wrapped.writeInt32LE(frame.length - headerBytes, headerBytes + 4)
  wrapped[headerBytes + 8] = zlibId
  wrapped.set(body, headerBytes + 9)
  return wrapped
}
