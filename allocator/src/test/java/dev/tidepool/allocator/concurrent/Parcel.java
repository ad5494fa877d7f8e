package dev.tidepool.allocator.concurrent;

import io.netty.buffer.ByteBuf;

/**
 * One reference to a buffer, on its way from hand to hand.
 *
 * @param number tells what is in it
 * @param shared whether others hold references too, so that it is only read
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
