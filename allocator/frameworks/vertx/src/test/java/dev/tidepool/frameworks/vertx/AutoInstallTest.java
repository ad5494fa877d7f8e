package dev.tidepool.frameworks.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Content;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Vert.x with Netty's extensions loaded: it does not release what it reads from a foreign
 * allocator, so that no arena may come into its channels.
 */
@Tag("autoinstall")
class AutoInstallTest {
  @RegisterExtension final AllocatorGuard guard = AllocatorGuard.ofDefault();

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void anHttpServerAndClientHaveNoArena() throws Exception {
    HttpServer server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> request.body().onSuccess(body -> request.response().end(body)))
                .listen(0, "127.0.0.1"));
    HttpClient client = vertx.createHttpClient();
    for (int i = 1; i <= 20; i++) {
      Content.verify(i, 1_000 * i, post(client, server.actualPort(), i, 1_000 * i));
    }
    assertNoArena();
  }

  private static byte[] post(HttpClient client, int port, int seed, int length) throws Exception {
    Buffer request = Buffer.buffer(Content.bytes(seed, length));
    return await(
            client
                .request(HttpMethod.POST, port, "127.0.0.1", "/")
                .compose(sent -> sent.send(request).compose(HttpClientResponse::body)))
        .getBytes();
  }

  @Test
  void aNetServerAndClientHaveNoArena() throws Exception {
    NetServer server =
        await(
            vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(socket::write))
                .listen(0, "127.0.0.1"));
    NetSocket socket = await(vertx.createNetClient().connect(server.actualPort(), "127.0.0.1"));
    Buffer received = Buffer.buffer();
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    socket.handler(
        piece -> {
          if (received.appendBuffer(piece).length() == 500_000) {
            all.complete(received.getBytes());
          }
        });
    socket.write(Buffer.buffer(Content.bytes(3, 500_000)));
    Content.verify(3, 500_000, all.get(20, TimeUnit.SECONDS));
    assertNoArena();
  }

  private void assertNoArena() {
    assertThat(guard.arenas()).isEmpty();
    assertThat(guard.allocator().metric().upstreamAllocations()).isZero();
  }
}
