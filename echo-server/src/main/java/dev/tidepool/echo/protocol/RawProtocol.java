package dev.tidepool.echo.protocol;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** Echoes whatever arrives, as in RFC 862; the server counts each read as one request. */
public record RawProtocol() implements Protocol {
  @Override
  public String name() {
    return "raw";
  }

  @Override
  public String description() {
    return "RFC 862";
  }

  @Override
  public int smallestPayload() {
    return 1;
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    return RequestProgress.NONE;
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    return new EchoResponder(answered);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new EchoClient(requests, Request::payload);
  }
}
