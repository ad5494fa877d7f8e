package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.ClientProtocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.url.TargetUrl;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * WebSockets at the URL of any server that echoes their messages.
 *
 * @param headers more fields of the handshake's request
 */
public record WebSocketTargetProtocol(TargetUrl url, List<Map.Entry<String, String>> headers)
    implements ClientProtocol {
  public WebSocketTargetProtocol {
    headers = List.copyOf(headers);
  }

  @Override
  public String name() {
    return "ws";
  }

  @Override
  public List<String> clientApplicationProtocols() {
    return List.of(ApplicationProtocolNames.HTTP_1_1);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new WebSocketEchoClient(requests, url.toString(), headers);
  }
}
