/** A Netty {@code ByteBufAllocator} whose memory is organised by lifetime. */
module dev.tidepool.allocator {
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires transitive io.netty.transport;
  requires java.management; // for the native trim
  requires static io.netty.codec.http; // for RequestBoundary.http1()
  // Not transitive: javac would then refuse every module whose path lacks the annotations.
  requires static org.jspecify;

  exports dev.tidepool.allocator;
}
