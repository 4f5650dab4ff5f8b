// What the relay has to know of MongoDB's messages: how long one is, and whether a request is an ordinary one. All rules
// are in TypeScript (wire/, translate/); here is only what may pass without asking them. In doubt it is not ordinary.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace relay {

constexpr size_t header_bytes = 16;
/** As wire/frames.ts has it. */
constexpr int32_t max_message_bytes = 48'000'000;
/** The flags of an OP_MSG, the kind of its first section, the length of the body, and the type of its first element. */
constexpr size_t command_at = header_bytes + 4 + 1 + 4 + 1;
/** By so many bytes a request is told; one that is shorter is not ordinary. */
constexpr size_t telling_bytes = command_at + sizeof "isMaster";
/** Of a request that waits alone as much is kept as translate/exchange.ts does. */
constexpr int32_t max_kept_bytes = 16'384;

enum class Told { ordinary, strange, unclear };

struct Message {
  Told told;
  /** Of an ordinary one. */
  uint32_t length = 0;
  /** Of a request: an answer follows, and so many of its first bytes say what it was. */
  bool wants_reply = false;
  uint32_t keep = 0;
};

inline int32_t int32_at(const uint8_t* bytes) {
  return static_cast<int32_t>(uint32_t{bytes[0]} | uint32_t{bytes[1]} << 8 | uint32_t{bytes[2]} << 16 |
                              uint32_t{bytes[3]} << 24);
}

/** `unclear`: more than these `have` bytes are needed. */
inline Message reply_at(const uint8_t* bytes, size_t have) {
  if (have < header_bytes) return {Told::unclear};
  const int32_t length = int32_at(bytes);
  if (length < static_cast<int32_t>(header_bytes) || length > max_message_bytes) return {Told::strange};
  return {Told::ordinary, static_cast<uint32_t>(length)};
}

inline Message request_at(const uint8_t* bytes, size_t have) {
  constexpr int32_t op_msg = 2013;
  constexpr int32_t more_to_come = 2;
  constexpr int32_t exhaust_allowed = 0x10000;  // more answers than requests may come: nobody could count them here
  if (have < header_bytes) return {Told::unclear};
  const int32_t length = int32_at(bytes);
  if (length < static_cast<int32_t>(telling_bytes) || length > max_message_bytes) return {Told::strange};
  if (int32_at(bytes + 12) != op_msg) return {Told::strange};
  if (have < telling_bytes) return {Told::unclear};
  if (bytes[header_bytes + 4] != 0 || (int32_at(bytes + header_bytes) & exhaust_allowed) != 0) return {Told::strange};
  const uint8_t* command = bytes + command_at;
  for (const char* hello : {"hello", "isMaster", "ismaster"})
    if (std::memcmp(command, hello, std::strlen(hello) + 1) == 0) return {Told::strange};
  const int32_t body = int32_at(bytes + header_bytes + 5);
  const int64_t end = int64_t{header_bytes} + 5 + body;
  const bool whole = body > 0 && end <= length && end <= max_kept_bytes;
  const bool wants_reply = (int32_at(bytes + header_bytes) & more_to_come) == 0;
  return {Told::ordinary, static_cast<uint32_t>(length), wants_reply,
          whole ? static_cast<uint32_t>(end) : static_cast<uint32_t>(telling_bytes)};
}

}  // namespace relay
