#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace p11csr::workflow {

/// Queue hands things from threads to threads. It holds `most` of them; who puts in more waits.
template <typename Item>
class Queue {
 public:
  explicit Queue(std::size_t most) : most_(most) {}

  /// put waits for room; false where the queue was closed. Who waits for enough items wakes up for an urgent one.
  bool put(Item item, bool urgent = false) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || items_.size() < most_; });
    if (closed_) return false;
    if (urgent) enough_ = 1;
    urgent_ = urgent_ || urgent;
    add(item);
    return true;
  }

  /// try_put leaves the item where it is when there is no room.
  bool try_put(Item& item) {
    const std::lock_guard lock(mutex_);
    if (closed_ || items_.size() >= most_) return false;
    add(item);
    return true;
  }

  /// take waits for an item; empty once the queue is closed and has none left.
  std::optional<Item> take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || !items_.empty(); });
    return first();
  }

  /// take_all_within waits until `enough` of them are in, but no longer than that, and takes all that are in.
  std::deque<Item> take_all_within(std::chrono::milliseconds longest, std::size_t enough) {
    std::unique_lock lock(mutex_);
    enough_ = urgent_ ? 1 : std::max<std::size_t>(enough, 1);
    filled_.wait_for(lock, longest, [this] { return closed_ || items_.size() >= enough_; });
    enough_ = 1;
    urgent_ = false;
    room_.notify_all();
    return std::exchange(items_, {});
  }

  /// close lets nothing more in; what is in can be taken.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    filled_.notify_all();
    room_.notify_all();
  }

  /// clear throws away what is in, and gives how much that was.
  std::size_t clear() {
    const std::lock_guard lock(mutex_);
    const std::size_t count = items_.size();
    items_.clear();
    room_.notify_all();
    return count;
  }

 private:
  void add(Item& item) {
    items_.push_back(std::move(item));
    if (items_.size() >= enough_) filled_.notify_one();
  }

  std::optional<Item> first() {
    if (items_.empty()) return std::nullopt;
    std::optional<Item> item(std::move(items_.front()));
    items_.pop_front();
    room_.notify_one();
    return item;
  }

  std::size_t most_;
  std::size_t enough_ = 1;  // that somebody who waits wakes up for
  std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable room_;
  std::deque<Item> items_;
  bool urgent_ = false;
  bool closed_ = false;
};

}  // namespace p11csr::workflow
