// One thread that carries the bytes of connections which only work: it follows messages both ways, counts, and keeps what
// a receiver does not take yet. Whatever is not ordinary (a hello, a message that it does not know, an end, an error) it
// does not judge: it lets go of the connection and says so, and whoever owns it goes on from exactly there.
//
// All but the constructor's thread is called from one thread, the owner's. A call is done when it returns: the relay works
// in turns under one lock, so that after `close` both descriptors are closed, and after `back` nobody else touches them.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "messages.h"

namespace relay {

using Id = uint64_t;

struct Pipe {
  int out = -1;
  int in = -1;
  size_t holds = 0;
};

/** One direction of one connection. */
struct Way {
  int from = -1;
  int to = -1;
  /** There may be something to read. */
  bool readable = true;
  /** The sender is done, or gone: a short read does not mean that there is nothing more to be seen. */
  bool hung = false;
  /** Bytes of the message that is passing. */
  uint32_t left = 0;
  /** It goes by a pipe to its end. */
  bool splicing = false;
  /** The first bytes of a message that is not told yet, or not ordinary; none of them was sent. */
  std::string head;
  /** What was counted and not sent yet. */
  std::string unsent;
  Pipe* pipe = nullptr;
  /** Errno of its sender's side or its receiver's; the error is gone from the socket by that. */
  int read_error = 0;
  int write_error = 0;
};

struct Counts {
  uint64_t bytes_from_client = 0;
  uint64_t bytes_from_member = 0;
  uint64_t requests = 0;
  /** Milliseconds since a byte came. */
  uint64_t still = 0;
  /** Between messages both ways, and every request is answered. */
  bool quiet = true;
};

/** A connection as it is when it is given back; the descriptors are the caller's now. */
struct Given {
  int client;
  int member;
  Counts counts;
  /** Requests without an answer. */
  uint32_t awaited;
  /** There is one, and these are its first bytes. */
  bool has_unanswered;
  std::string unanswered;
  /** As in `Way`; what waited in a pipe is in `unsent`. */
  struct {
    uint32_t left;
    std::string head;
    std::string unsent;
    int read_error;
    int write_error;
  } requests, replies;
};

/** Those that came through one endpoint: it has its turn, then another has. */
struct Endpoint {
  uint64_t number = 0;
  size_t connections = 0;
  /** Connections with something to do, in the order in which they are served. */
  std::deque<Id> waiting;
};

struct Connection {
  Endpoint* endpoint = nullptr;
  Way requests;
  Way replies;
  uint32_t awaited = 0;
  /** Exactly one request waits: `kept` is, or becomes, its first `keep` bytes. */
  bool alone = false;
  uint32_t keep = 0;
  std::string kept;
  bool returned = false;
  bool waits_for_turn = false;
  std::atomic<uint64_t> bytes_from_client{0};
  std::atomic<uint64_t> bytes_from_member{0};
  std::atomic<uint64_t> number_of_requests{0};
  std::atomic<uint64_t> last_at{0};
  std::atomic<bool> quiet{true};
};

/** A lock at which nobody starves: who waits is next. */
class Turns {
 public:
  void lock() {
    next_.lock();
    turn_.lock();
    next_.unlock();
  }
  void unlock() { turn_.unlock(); }

 private:
  std::mutex next_;
  std::mutex turn_;
};

class Relay {
 public:
  /**
   * `somebody_returned` is called in the relay's thread. With `by_hand` there is none, and whoever owns it takes its turns:
   * what happens then is the same each time. Throws std::system_error.
   */
  explicit Relay(std::function<void()> somebody_returned, bool by_hand = false);
  /** Closes all that is there. */
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /**
   * Takes over two sockets between messages, with nothing on its way. They are duplicated: the caller closes its own
   * descriptors, without a shutdown. Those with one number of an endpoint share its turns. 0 where there are not enough
   * descriptors: nothing has happened then.
   */
  Id take(int client, int member, uint64_t endpoint);
  /** Nothing is carried while it is held. */
  std::unique_lock<Turns> hold() { return std::unique_lock(turns_); }
  /** False where there is no such connection. */
  bool look(Id id, Counts& counts) const;
  /** Those of which the relay has let go since the last call, and that are still to be fetched by `back`. */
  std::vector<Id> returned();
  /** Null where there is no such connection. */
  std::unique_ptr<Given> back(Id id);
  /** False where there is no such connection; else `counts` are its last. */
  bool close(Id id, Counts& counts);
  /** One turn, once somebody is ready where it is to wait. True where there is more to do at once. */
  bool turn(bool wait);

 private:
  enum class Outcome { waits, again, over };

  void run();
  void gather(bool wait);
  void heard(Id id, bool client, uint32_t events);
  bool next();
  void line_up(Id id, Connection& connection);
  void carry(Id id, Connection& connection);
  Outcome move(Connection& connection, Way& way);
  bool flush(Way& way);
  Outcome read(Connection& connection, Way& way);
  Outcome splice(Connection& connection, Way& way);
  /** How many of these bytes may go on; `strange` where the rest may not without asking. */
  size_t follow(Connection& connection, Way& way, const uint8_t* bytes, size_t count, bool& strange);
  void passed(Connection& connection, const Way& way, size_t bytes);
  void forget(Connection& connection);
  void erase(std::unordered_map<Id, Connection>::iterator found);
  void let_go(Id id, Connection& connection);
  Pipe* borrow();
  void give(Way& way);

  static constexpr size_t room_for_head = 64;
  static constexpr size_t buffer_bytes = 65'536;

  std::function<void()> somebody_returned_;
  int epoll_ = -1;
  int wake_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> now_{0};
  mutable Turns turns_;
  /** Changed by the owner's thread only, and only in its turn. */
  std::unordered_map<Id, Connection> connections_;
  std::unordered_map<uint64_t, Endpoint> endpoints_;
  /** Those for which somebody waits, whose turn is next in front; and what the one in front has had of its turn. */
  std::deque<Endpoint*> line_;
  size_t served_ = 0;
  size_t moved_ = 0;
  Id last_id_ = 0;
  std::vector<Id> returned_;
  bool tell_ = false;
  std::vector<std::unique_ptr<Pipe>> pipes_;
  size_t copied_first_ = 0;  // reads before a pipe is tried again
  std::vector<Pipe*> spare_;
  std::unique_ptr<uint8_t[]> buffer_;
  std::thread thread_;
};

}  // namespace relay
