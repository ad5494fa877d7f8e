package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.ClientProtocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.url.AnswerCheck;
import dev.tidepool.echo.protocol.url.HttpTarget;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.function.LongFunction;

/** HTTP/2 as any server speaks it: requests of one URL, with prior knowledge or by ALPN. */
public record Http2TargetProtocol(HttpTarget target, AnswerCheck check) implements ClientProtocol {
  @Override
  public String name() {
    return "h2";
  }

  @Override
  public List<String> clientApplicationProtocols() {
    return List.of(ApplicationProtocolNames.HTTP_2);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new Http2TargetClient(target, check);
  }
}
