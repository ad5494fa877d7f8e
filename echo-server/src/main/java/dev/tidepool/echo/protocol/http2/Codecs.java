package dev.tidepool.echo.protocol.http2;

import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * The codecs of both sides, with their limits. What Netty limits by itself is left as it is: resets
 * (200 in 30 s, of either side), CONTINUATION frames, empty DATA frames, the HPACK table.
 */
final class Codecs {
  /** Streams that a client may have open at once. */
  static final int MAX_STREAMS = 1_000;

  /** Bytes of one request's headers, as RFC 9113 counts them. */
  static final int MAX_HEADER_LIST = 16 << 10;

  /** Bytes of a stream that the server has received and not yet echoed: HTTP/2's default. */
  static final int STREAM_WINDOW = 65_535;

  /** Bytes of a connection's streams that the server has received and not yet echoed. */
  static final int CONNECTION_WINDOW = 1 << 20;

  /** Answers to PING and SETTINGS that a client has not read yet. */
  static final int MAX_CONTROL_FRAMES = 1_000;

  /** How long streams may go on after an error or a close. */
  static final int GRACE_MILLIS = 1_000;

  /** The client verifies at once what it receives, and needs no small windows. */
  private static final int CLIENT_WINDOW = 1 << 20;

  private Codecs() {}

  static Http2FrameCodec server() {
    Http2FrameCodec codec =
        new ServerCodec.Builder()
            .initialSettings(
                new Http2Settings()
                    .maxConcurrentStreams(MAX_STREAMS)
                    .maxHeaderListSize(MAX_HEADER_LIST)
                    .initialWindowSize(STREAM_WINDOW))
            .encoderEnforceMaxQueuedControlFrames(MAX_CONTROL_FRAMES)
            .build();
    // From the start: by itself the codec does not limit a client that never acknowledges settings.
    codec.connection().remote().maxActiveStreams(MAX_STREAMS);
    return codec;
  }

  static Http2FrameCodec client() {
    return Http2FrameCodecBuilder.forClient()
        .initialSettings(
            new Http2Settings()
                .pushEnabled(false)
                .maxHeaderListSize(MAX_HEADER_LIST)
                .initialWindowSize(CLIENT_WINDOW))
        .encoderEnforceMaxConcurrentStreams(true)
        .gracefulShutdownTimeoutMillis(GRACE_MILLIS)
        .build();
  }
}
