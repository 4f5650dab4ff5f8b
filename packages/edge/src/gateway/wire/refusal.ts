// The one error that reading bytes may throw. Whoever pushes bytes in catches it, ends that connection, and logs the
// code and sentence; anything else that is thrown is a defect of ours.

export type WireRefusalCode =
  | 'MESSAGE_LENGTH'
  | 'OPCODE'
  | 'MESSAGE'
  | 'BSON'
  | 'COMPRESSOR'
  | 'COMPRESSED_DATA'
  | 'HELLO_TOO_LONG'
  | 'TOO_MANY_HELLOS'

export class WireRefusal extends Error {
  override readonly name = 'WireRefusal'
  readonly code: WireRefusalCode

  constructor(code: WireRefusalCode, sentence: string) {
    super(sentence)
    this.code = code
  }
}
