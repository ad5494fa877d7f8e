package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.ClientProtocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.url.AnswerCheck;
import dev.tidepool.echo.protocol.url.HttpTarget;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.function.LongFunction;

/** HTTP/1.1 as any server speaks it: requests of one URL. */
public record HttpTargetProtocol(HttpTarget target, AnswerCheck check) implements ClientProtocol {
  @Override
  public String name() {
    return "http";
  }

  /** Not all servers take requests that are pipelined. */
  @Override
  public int usualPipeline() {
    return 1;
  }

  @Override
  public List<String> clientApplicationProtocols() {
    return List.of(ApplicationProtocolNames.HTTP_1_1);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new HttpTargetClient(target, check, requests);
  }
}
