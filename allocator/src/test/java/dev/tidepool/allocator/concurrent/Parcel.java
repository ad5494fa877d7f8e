package dev.tidepool.allocator.concurrent;

import io.netty.buffer.ByteBuf;

/**
 * One reference to a buffer, on its way from thread to thread.
 *
 * @param number tells the content
 * @param shared whether other threads hold references too, so that it is only read
 */
record Parcel(ByteBuf buffer, int number, boolean shared) {

  void verify() {
    Pattern.verify(buffer, number);
  }

  Parcel another() {
    return new Parcel(buffer.retain(), number, true);
  }

  Parcel asShared() {
    return new Parcel(buffer, number, true);
  }
}
