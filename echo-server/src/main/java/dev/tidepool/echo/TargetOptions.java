package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.cli.HttpConverters;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.protocol.ByteSequence;
import dev.tidepool.echo.protocol.ClientProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.Protocols;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.http.HttpTargetProtocol;
import dev.tidepool.echo.protocol.http.WebSocketTargetProtocol;
import dev.tidepool.echo.protocol.http2.Http2TargetProtocol;
import dev.tidepool.echo.protocol.url.AnswerCheck;
import dev.tidepool.echo.protocol.url.HttpTarget;
import dev.tidepool.echo.protocol.url.StoredBytes;
import dev.tidepool.echo.protocol.url.TargetUrl;
import dev.tidepool.echo.protocol.url.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say which server a load is put on, and what it requests of it. */
final class TargetOptions {
  private static final String HOST = "127.0.0.1";
  private static final int PORT = 7007;
  private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

  /** Header fields that HTTP/2 forbids. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding");

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      converter = HttpConverters.Url.class,
      description =
          "any HTTP server's, as http://127.0.0.1:8080/path, with http, https, ws or wss. Default: an"
              + " echo server at --host and --port")
  private @Nullable TargetUrl url;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      converter = Converters.Host.class,
      description = "the echo server's. Default: " + HOST)
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = Converters.ServerPort.class,
      description = "the echo server's. Default: " + PORT)
  private @Nullable Integer port;

  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      converter = Converters.ProtocolName.class,
      completionCandidates = Converters.ProtocolName.class,
      description =
          "what the server speaks: ${COMPLETION-CANDIDATES}. Default: the URL's, else "
              + Protocols.DEFAULT)
  private @Nullable Protocol protocol;

  @Option(
      names = {"-X", "--method"},
      paramLabel = "METHOD",
      converter = HttpConverters.Method.class,
      description =
          "of the requests of a URL. Default: POST with --body, --data-size or --verify=full, else"
              + " GET")
  private @Nullable String method;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      converter = HttpConverters.Header.class,
      description = "a field more in the requests of a URL; may be repeated")
  private List<Map.Entry<String, String>> headers = new ArrayList<>();

  @Option(
      names = "--body",
      paramLabel = "FILE",
      description =
          "the body of a URL's requests, 16 MiB at most. Default: generated, of --data-size, with"
              + " POST, PUT and PATCH")
  private @Nullable Path body;

  @Option(
      names = "--verify",
      paramLabel = "WHAT",
      description =
          "what is verified of a URL's answers: off; status, which must be 2xx or 3xx; length, which"
              + " must be the first answer's, too; full: 2xx, and the body is the request's."
              + " Default: status, or full for WebSockets")
  private @Nullable Verification verification;

  /**
   * The target, its host looked up and its body read.
   *
   * @throws ParameterException if options do not go together
   * @throws IOException if the host cannot be found or the body not be read
   */
  LoadTarget resolve() throws IOException {
    if (url == null) {
      return echoServer();
    }
    requireNone("a URL", given("--host", host), given("--port", port));
    if (!url.isTls() && isGiven("--tls")) {
      throw wrong("Option '--tls' was given with a URL of " + url.scheme() + ", expected https");
    }
    ClientProtocol spoken = url.isWebSocket() ? webSocket(url) : http(url);
    return new LoadTarget(
        url.toString(), Addresses.resolve(url.host(), url.port()), spoken, url.isTls());
  }

  private LoadTarget echoServer() throws IOException {
    requireNone(
        "no URL",
        given("--method", method),
        given("--header", headers.isEmpty() ? null : headers),
        given("--body", body),
        given("--verify", verification));
    var address = Addresses.resolve(host == null ? HOST : host, port == null ? PORT : port);
    Protocol spoken = protocol == null ? Protocols.byDefault() : protocol;
    return new LoadTarget(Addresses.text(address), address, spoken, false);
  }

  private ClientProtocol webSocket(TargetUrl at) {
    requireProtocol(at, "ws");
    requireNone("a WebSocket's URL", given("--method", method), given("--body", body));
    if (verification != null && verification != Verification.FULL) {
      throw wrong(
          "Invalid value for option '--verify': '%s', expected full with a WebSocket's URL"
              .formatted(verification));
    }
    return new WebSocketTargetProtocol(at, headers);
  }

  private ClientProtocol http(TargetUrl at) throws IOException {
    requireProtocol(at, "http", "h2");
    String usedMethod = method == null ? usualMethod() : method;
    Function<Request, ByteSequence> echo = body();
    boolean hasBody = body != null || METHODS_WITH_BODY.contains(usedMethod);
    requireBody(usedMethod, hasBody);
    HttpTarget target = new HttpTarget(at, usedMethod, headers, hasBody ? echo : null);
    AnswerCheck check =
        new AnswerCheck(verification == null ? Verification.STATUS : verification, echo);
    if (protocol == null || protocol.name().equals("http")) {
      return new HttpTargetProtocol(target, check);
    }
    requireNoneOfTheConnection();
    return new Http2TargetProtocol(target, check);
  }

  private void requireNoneOfTheConnection() {
    for (Map.Entry<String, String> header : headers) {
      if (OF_THE_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        throw wrong(
            "Invalid value for option '--header': '%s', expected none of the connection with h2"
                .formatted(header.getKey()));
      }
    }
  }

  private String usualMethod() {
    return body != null || sizes() != null || verification == Verification.FULL ? "POST" : "GET";
  }

  private void requireBody(String usedMethod, boolean hasBody) {
    if (!hasBody && verification == Verification.FULL) {
      throw wrong(
          "Option '--verify=full' was given with method " + usedMethod + ", expected a body");
    }
    @Nullable String sizes = sizes();
    if (sizes != null && (!hasBody || body != null)) {
      throw wrong(
          "Option '"
              + sizes
              + "' was given, expected a method with a generated body: "
              + String.join(", ", METHODS_WITH_BODY.stream().sorted().toList()));
    }
  }

  /** The option that says how large generated bodies are, if there is one. */
  private @Nullable String sizes() {
    return Stream.of("--data-size", "--pattern").filter(this::isGiven).findFirst().orElse(null);
  }

  private Function<Request, ByteSequence> body() throws IOException {
    if (body == null) {
      return Request::payload;
    }
    StoredBytes bytes = new StoredBytes(read(body));
    return request -> bytes;
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException("body '" + file + "': no such file, or not readable");
    }
    if (Files.size(file) > Protocol.LARGEST_PAYLOAD) {
      throw new IOException(
          "body '%s' has %d bytes, expected %d at most"
              .formatted(file, Files.size(file), Protocol.LARGEST_PAYLOAD));
    }
    return Files.readAllBytes(file);
  }

  // Options that do not go together

  private void requireProtocol(TargetUrl at, String... names) {
    if (protocol != null && !List.of(names).contains(protocol.name())) {
      throw wrong(
          "Invalid value for option '--protocol': '%s', expected %s with a URL of %s"
              .formatted(protocol.name(), String.join(" or ", names), at.scheme()));
    }
  }

  private static @Nullable String given(String option, @Nullable Object value) {
    return value == null ? null : option;
  }

  private void requireNone(String with, @Nullable String... given) {
    for (@Nullable String option : given) {
      if (option != null) {
        throw wrong("Option '" + option + "' was given with " + with + ", expected one without");
      }
    }
  }

  private boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
