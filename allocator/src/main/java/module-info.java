/** A Netty {@code ByteBufAllocator} whose memory is organised by lifetime. */
@SuppressWarnings("requires-automatic") // Micrometer's core has a name, and no descriptor
module dev.tidepool.allocator {
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires transitive io.netty.transport;
  requires java.management; // for the native trim
  requires static jdk.jfr; // for its events, where it is there
  // For RequestBoundary.http1() and to recognise the codecs:
  requires static io.netty.codec;
  requires static io.netty.codec.http;
  requires static io.netty.codec.http2;
  requires static io.netty.handler;
  requires static micrometer.core; // for ArenaMeterBinder
  // Not transitive: javac would then refuse every module whose path lacks the annotations.
  requires static org.jspecify;

  exports dev.tidepool.allocator;

  provides io.netty.bootstrap.ChannelInitializerExtension with
      dev.tidepool.allocator.ArenaInitializerExtension;
}
