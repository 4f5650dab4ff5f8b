#include "relay.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace relay {
namespace {

/** A message is read this far first; what then is missing of it goes by a pipe from so many bytes on. */
constexpr size_t first_bytes = 16'384;
constexpr uint32_t splice_from = 32'768;
constexpr size_t pipe_bytes = 1'048'576;
/** Of one user's pipes only so much memory is free of cost: with more, the rest is copied. */
constexpr size_t max_pipes = 48;
/** A smaller one is slower than copying. */
constexpr int least_pipe_bytes = 65'536;
/** After one that was too small, so many reads are copied before another is tried. */
constexpr size_t copied_before_pipe = 1'024;
/** Steps of one direction before others have their turn. */
constexpr int max_steps = 8;
/** Connections that have their turn before it is asked who else is ready; of one endpoint, where there are others. */
constexpr size_t turn_of_all = 64;
constexpr size_t turn_of_one = 4;
/** Bytes after which an endpoint's turn is over, too, where there are others: what others wait for is a piece of this size. */
constexpr size_t turn_bytes = 65'536;
/** A kept request leaves this much room behind, for the next. */
constexpr size_t room_kept = 512;

uint64_t now_ms() {
  timespec at{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
  return static_cast<uint64_t>(at.tv_sec) * 1000 + static_cast<uint64_t>(at.tv_nsec) / 1'000'000;
}

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

constexpr auto relaxed = std::memory_order_relaxed;

/** Only the relay's thread writes: no lock is needed to add. */
void add(std::atomic<uint64_t>& to, uint64_t count) { to.store(to.load(relaxed) + count, relaxed); }

}  // namespace

Relay::Relay(std::function<void()> somebody_returned, bool by_hand)
    : somebody_returned_(std::move(somebody_returned)), buffer_(new uint8_t[room_for_head + buffer_bytes]) {
  epoll_ = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  wake_ = checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = 0;
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event), "epoll_ctl");
  now_ = now_ms();
  if (by_hand) return;
  thread_ = std::thread([this] {
    sigset_t all;
    sigfillset(&all);  // signals are for the owner's thread; a splice into a closed socket raises one
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    run();
  });
}

Relay::~Relay() {
  stopping_ = true;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
  if (thread_.joinable()) thread_.join();
  Counts counts;
  while (!connections_.empty()) close(connections_.begin()->first, counts);
  for (const auto& pipe : pipes_) {
    ::close(pipe->in);
    ::close(pipe->out);
  }
  ::close(wake_);
  ::close(epoll_);
}

// The owner's side

Id Relay::take(int client, int member, uint64_t endpoint) {
  const int own_client = fcntl(client, F_DUPFD_CLOEXEC, 3);
  const int own_member = own_client < 0 ? -1 : fcntl(member, F_DUPFD_CLOEXEC, 3);
  if (own_member < 0) {
    if (own_client >= 0) ::close(own_client);
    return 0;
  }
  const std::lock_guard turn(turns_);
  const Id id = ++last_id_;
  Connection& connection = connections_[id];
  connection.requests.from = connection.replies.to = own_client;
  connection.requests.to = connection.replies.from = own_member;
  connection.last_at.store(now_ms(), relaxed);
  connection.endpoint = &endpoints_[endpoint];
  connection.endpoint->number = endpoint;
  ++connection.endpoint->connections;
  for (const bool is_client : {true, false}) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = id << 1 | (is_client ? 1 : 0);
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, is_client ? own_client : own_member, &event) == 0) continue;
    epoll_ctl(epoll_, EPOLL_CTL_DEL, own_client, nullptr);  // closing does not, while the caller has it open
    ::close(own_client);
    ::close(own_member);
    erase(connections_.find(id));
    return 0;
  }
  return id;
}

bool Relay::look(Id id, Counts& counts) const {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return false;
  const Connection& connection = found->second;
  const uint64_t now = now_ms();
  const uint64_t last = connection.last_at.load(relaxed);
  counts = {connection.bytes_from_client.load(relaxed), connection.bytes_from_member.load(relaxed),
            connection.number_of_requests.load(relaxed), now > last ? now - last : 0, connection.quiet.load(relaxed)};
  return true;
}

std::vector<Id> Relay::returned() {
  const std::lock_guard turn(turns_);
  std::vector<Id> ids;
  ids.swap(returned_);
  return ids;
}

std::unique_ptr<Given> Relay::back(Id id) {
  const std::lock_guard turn(turns_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return nullptr;
  Connection& connection = found->second;
  forget(connection);
  auto given = std::make_unique<Given>();
  given->client = connection.requests.from;
  given->member = connection.replies.from;
  look(id, given->counts);
  given->awaited = connection.awaited;
  given->has_unanswered = connection.alone;
  if (connection.alone) given->unanswered = std::move(connection.kept);
  const auto tell = [this](Way& way, auto& told) {
    uint8_t* bytes = buffer_.get();
    while (way.pipe != nullptr && way.pipe->holds > 0) {
      const ssize_t count = ::read(way.pipe->out, bytes, std::min(buffer_bytes, way.pipe->holds));
      if (count <= 0) break;
      way.unsent.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
      way.pipe->holds -= static_cast<size_t>(count);
    }
    give(way);
    told.left = way.left;
    told.head = std::move(way.head);
    told.unsent = std::move(way.unsent);
    told.read_error = way.read_error;
    told.write_error = way.write_error;
  };
  tell(connection.requests, given->requests);
  tell(connection.replies, given->replies);
  erase(found);
  return given;
}

bool Relay::close(Id id, Counts& counts) {
  const std::lock_guard turn(turns_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return false;
  Connection& connection = found->second;
  forget(connection);
  look(id, counts);
  give(connection.requests);
  give(connection.replies);
  ::close(connection.requests.from);
  ::close(connection.replies.from);
  erase(found);
  return true;
}

/** Its place in the line it keeps: whoever is gone by then is passed over. */
void Relay::erase(std::unordered_map<Id, Connection>::iterator found) {
  Endpoint& endpoint = *found->second.endpoint;
  connections_.erase(found);
  if (--endpoint.connections > 0) return;
  if (!line_.empty() && line_.front() == &endpoint) served_ = moved_ = 0;
  std::erase(line_, &endpoint);
  endpoints_.erase(endpoint.number);
}

void Relay::forget(Connection& connection) {
  if (connection.returned) return;
  connection.returned = true;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.requests.from, nullptr);
  epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.replies.from, nullptr);
}

// The relay's thread

void Relay::run() {
  for (bool more = false; !stopping_;) more = turn(!more);
}

bool Relay::turn(bool wait) {
  gather(wait);
  std::unique_lock turn(turns_);
  for (size_t left = endpoints_.size() > 1 ? turn_of_one : turn_of_all; next() && --left > 0;) {
    turn.unlock();  // whoever waits for a turn has it
    turn.lock();
  }
  const bool more = !line_.empty();
  const bool tell = std::exchange(tell_, false);
  turn.unlock();
  if (tell) somebody_returned_();
  return more;
}

/** All that is ready by now, so that nobody's turn depends on how many were ready before. */
void Relay::gather(bool wait) {
  constexpr int max_events = 256;
  epoll_event events[max_events];
  int count = 0;
  do {
    count = epoll_wait(epoll_, events, max_events, wait ? -1 : 0);
    wait = false;
    if (count <= 0) break;
    const std::lock_guard turn(turns_);
    for (int at = 0; at < count; ++at)
      if (const uint64_t data = events[at].data.u64; data != 0) heard(data >> 1, (data & 1) != 0, events[at].events);
  } while (count == max_events && !stopping_);
  now_.store(now_ms(), relaxed);
}

void Relay::heard(Id id, bool client, uint32_t events) {
  const auto found = connections_.find(id);  // it may have been taken back since the event
  if (found == connections_.end() || found->second.returned) return;
  Connection& connection = found->second;
  Way& said = client ? connection.requests : connection.replies;
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) said.readable = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) said.hung = true;
  line_up(id, connection);
}

void Relay::line_up(Id id, Connection& connection) {
  if (std::exchange(connection.waits_for_turn, true)) return;
  Endpoint& endpoint = *connection.endpoint;
  if (endpoint.waiting.empty()) line_.push_back(&endpoint);
  endpoint.waiting.push_back(id);
}

/**
 * Serves one connection of the endpoint whose turn it is. False where it is time to look who else is ready: nobody waits, or
 * it had the bytes of its turn.
 */
bool Relay::next() {
  if (line_.empty()) return false;
  Endpoint& endpoint = *line_.front();
  const Id id = endpoint.waiting.front();
  endpoint.waiting.pop_front();
  const bool last = endpoint.waiting.empty();
  if (last) line_.pop_front();
  const auto found = connections_.find(id);
  if (found != connections_.end()) {
    found->second.waits_for_turn = false;
    carry(id, found->second);  // and lines it up again where there is more
  }
  const bool spent = moved_ >= turn_bytes;
  if (last || ++served_ >= turn_of_one || spent) {
    served_ = moved_ = 0;
    if (!last) {
      line_.pop_front();
      line_.push_back(&endpoint);
    }
  }
  return endpoints_.size() == 1 || !spent;
}

void Relay::carry(Id id, Connection& connection) {
  if (connection.returned) return;
  const Outcome requests = move(connection, connection.requests);
  const Outcome replies = requests == Outcome::over ? Outcome::over : move(connection, connection.replies);
  const auto between = [](const Way& way) {
    return way.left == 0 && way.head.empty() && way.unsent.empty() && way.pipe == nullptr;
  };
  connection.quiet.store(
      connection.awaited == 0 && between(connection.requests) && between(connection.replies), relaxed);
  if (replies == Outcome::over) {
    let_go(id, connection);
  } else if (requests == Outcome::again || replies == Outcome::again) {
    line_up(id, connection);
  }
}

void Relay::let_go(Id id, Connection& connection) {
  forget(connection);
  returned_.push_back(id);
  tell_ = true;
}

Relay::Outcome Relay::move(Connection& connection, Way& way) {
  const bool alone = endpoints_.size() == 1;
  for (int step = 0; step < max_steps && (alone || moved_ < turn_bytes); ++step) {
    if (!flush(way)) return way.write_error == 0 ? Outcome::waits : Outcome::over;
    if (!way.readable) return Outcome::waits;
    const bool keeping = &way == &connection.requests && connection.kept.size() < connection.keep;
    if (way.left >= splice_from && !keeping) way.splicing = true;
    const bool by_pipe = way.splicing && (way.pipe != nullptr || (way.pipe = borrow()) != nullptr);
    const Outcome outcome = by_pipe ? splice(connection, way) : read(connection, way);
    if (outcome != Outcome::again) return outcome;
  }
  return Outcome::again;
}

/** True when nothing waits for the receiver any more. */
bool Relay::flush(Way& way) {
  const auto refused = [&way] {
    if (errno != EAGAIN) way.write_error = errno;
    return false;
  };
  if (!way.unsent.empty()) {
    const ssize_t sent = send(way.to, way.unsent.data(), way.unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return refused();
    way.unsent.erase(0, static_cast<size_t>(sent));
    if (!way.unsent.empty()) return false;  // the rest is sent when there is room
    way.unsent = {};
  }
  while (way.pipe != nullptr && way.pipe->holds > 0) {
    const ssize_t sent = ::splice(way.pipe->out, nullptr, way.to, nullptr, way.pipe->holds,
                                  SPLICE_F_MOVE | SPLICE_F_NONBLOCK | (way.left > 0 ? SPLICE_F_MORE : 0));
    if (sent < 0) return refused();
    if (sent == 0) return false;
    way.pipe->holds -= static_cast<size_t>(sent);
  }
  if (way.pipe != nullptr && (way.left == 0 || !way.readable)) give(way);
  return true;
}

Relay::Outcome Relay::splice(Connection& connection, Way& way) {
  const size_t piece = endpoints_.size() == 1 ? pipe_bytes : turn_bytes;
  const ssize_t count = ::splice(way.from, nullptr, way.pipe->in, nullptr, std::min<size_t>(way.left, piece),
                                 SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  if (count <= 0) {
    give(way);
    if (count < 0 && errno == EAGAIN) {
      way.readable = false;
      return Outcome::waits;
    }
    way.read_error = count < 0 ? errno : 0;
    return Outcome::over;
  }
  way.pipe->holds += static_cast<size_t>(count);
  way.left -= static_cast<uint32_t>(count);
  if (way.left == 0) way.splicing = false;
  passed(connection, way, static_cast<size_t>(count));
  return Outcome::again;
}

Relay::Outcome Relay::read(Connection& connection, Way& way) {
  const size_t want = way.left == 0 ? first_bytes : buffer_bytes;
  uint8_t* const into = buffer_.get() + room_for_head;
  const ssize_t count = recv(way.from, into, want, MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) {
    way.readable = false;
    return Outcome::waits;
  }
  if (count <= 0) {
    way.read_error = count < 0 ? errno : 0;
    return Outcome::over;
  }
  if (static_cast<size_t>(count) < want && !way.hung) way.readable = false;

  uint8_t* const bytes = into - way.head.size();
  const size_t have = way.head.size() + static_cast<size_t>(count);
  std::memcpy(bytes, way.head.data(), way.head.size());
  bool strange = false;
  const size_t go_on = follow(connection, way, bytes, have, strange);
  way.head.assign(reinterpret_cast<const char*>(bytes) + go_on, have - go_on);
  if (way.left == 0) way.splicing = false;
  passed(connection, way, go_on);
  if (go_on > 0) {
    const ssize_t sent = send(way.to, bytes, go_on, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) way.write_error = errno;
    const size_t gone = sent < 0 ? 0 : static_cast<size_t>(sent);
    if (gone < go_on) way.unsent.assign(reinterpret_cast<const char*>(bytes) + gone, go_on - gone);
  }
  return strange || way.write_error != 0 ? Outcome::over : Outcome::again;
}

size_t Relay::follow(Connection& connection, Way& way, const uint8_t* bytes, size_t count, bool& strange) {
  const bool request = &way == &connection.requests;
  size_t at = 0;
  while (at < count) {
    if (way.left > 0) {
      const size_t step = std::min<size_t>(way.left, count - at);
      if (request && connection.kept.size() < connection.keep) {
        const size_t missing = connection.keep - connection.kept.size();
        connection.kept.append(reinterpret_cast<const char*>(bytes) + at, std::min(step, missing));
      }
      way.left -= static_cast<uint32_t>(step);
      at += step;
      continue;
    }
    const Message message = request ? request_at(bytes + at, count - at) : reply_at(bytes + at, count - at);
    strange = message.told == Told::strange;
    if (message.told != Told::ordinary) break;
    way.left = message.length;
    if (request) add(connection.number_of_requests, 1);
    if (request && !message.wants_reply) continue;
    // another request, or any answer: what was kept of one that waited alone says nothing any more
    if (connection.kept.capacity() > room_kept) connection.kept = {};
    connection.kept.clear();
    connection.alone = request && connection.awaited == 0;
    connection.keep = connection.alone ? message.keep : 0;
    if (request) ++connection.awaited;
    else if (connection.awaited > 0) --connection.awaited;
  }
  return at;
}

void Relay::passed(Connection& connection, const Way& way, size_t bytes) {
  add(&way == &connection.requests ? connection.bytes_from_client : connection.bytes_from_member, bytes);
  connection.last_at.store(now_.load(relaxed), relaxed);
  moved_ += bytes;
}

/** An empty pipe; null where there are as many as there may be, or no descriptors. */
Pipe* Relay::borrow() {
  if (!spare_.empty()) {
    Pipe* const pipe = spare_.back();
    spare_.pop_back();
    return pipe;
  }
  int ends[2];
  if (copied_first_ > 0) {
    --copied_first_;
    return nullptr;
  }
  if (pipes_.size() >= max_pipes || pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return nullptr;
  // Where this user's other pipes have the memory that is free of cost, those of other workers for example.
  if (fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(pipe_bytes)) < 0 &&
      fcntl(ends[1], F_GETPIPE_SZ) < least_pipe_bytes) {
    ::close(ends[0]);
    ::close(ends[1]);
    copied_first_ = copied_before_pipe;
    return nullptr;
  }
  pipes_.push_back(std::make_unique<Pipe>(Pipe{ends[0], ends[1], 0}));
  return pipes_.back().get();
}

/** Back to the others; one that still holds something is closed. */
void Relay::give(Way& way) {
  Pipe* const pipe = std::exchange(way.pipe, nullptr);
  if (pipe == nullptr) return;
  if (pipe->holds == 0) {
    spare_.push_back(pipe);
    return;
  }
  ::close(pipe->in);
  ::close(pipe->out);
  pipes_.erase(std::find_if(pipes_.begin(), pipes_.end(), [pipe](const auto& own) { return own.get() == pipe; }));
}

}  // namespace relay
