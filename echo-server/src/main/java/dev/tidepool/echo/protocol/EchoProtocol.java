package dev.tidepool.echo.protocol;

import io.netty.channel.ChannelPipeline;
import java.util.Locale;

/** The protocols that the server speaks and the load client checks. */
public enum EchoProtocol {
  /** A 4-byte big-endian length, then as many bytes of payload. */
  FRAMED(Integer.BYTES, 0) {
    @Override
    public RequestProgress install(ChannelPipeline pipeline) {
      FrameDecoder decoder = new FrameDecoder();
      pipeline.addLast(decoder);
      return decoder;
    }
  },
  /** Whatever arrives goes back, as in RFC 862; each read counts as one request. */
  RAW(0, 1) {
    @Override
    public RequestProgress install(ChannelPipeline pipeline) {
      return RequestProgress.NONE;
    }
  };

  /** The largest payload of a frame: 16 MiB. */
  public static final int LARGEST_PAYLOAD = 16 << 20;

  private final int headerBytes;
  private final int smallestPayload;

  EchoProtocol(int headerBytes, int smallestPayload) {
    this.headerBytes = headerBytes;
    this.smallestPayload = smallestPayload;
  }

  /** Adds the handlers that cut a server's input into requests. */
  public abstract RequestProgress install(ChannelPipeline pipeline);

  /** The bytes of a request that come before its payload. */
  public int headerBytes() {
    return headerBytes;
  }

  /** The smallest payload that yields an echo. */
  public int smallestPayload() {
    return smallestPayload;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
