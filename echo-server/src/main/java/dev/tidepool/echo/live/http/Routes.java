package dev.tidepool.echo.live.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints by path and method. A path is given with names in braces for what may vary, {@code
 * /api/arenas/{id}}; a name stands for one segment, which is not empty. Filled before it is used.
 */
final class Routes {
  private final List<Route> routes = new ArrayList<>();
  private final Endpoint otherwise;

  /** One path, and what answers there. */
  private record Route(List<String> segments, Map<HttpMethod, Endpoint> endpoints) {
    /** What stands in the places of names, nothing if {@code path} is not this route's. */
    Optional<Map<String, String>> match(List<String> path) {
      if (path.size() != segments.size()) {
        return Optional.empty();
      }
      Map<String, String> variables = new LinkedHashMap<>();
      for (int i = 0; i < path.size(); i++) {
        if (!matches(segments.get(i), path.get(i), variables)) {
          return Optional.empty();
        }
      }
      return Optional.of(variables);
    }

    private static boolean matches(String segment, String given, Map<String, String> variables) {
      if (!segment.startsWith("{")) {
        return segment.equals(given);
      }
      variables.put(segment.substring(1, segment.length() - 1), given);
      return !given.isEmpty();
    }

    CompletionStage<? extends Answer> answer(PageRequest request) {
      HttpMethod method = request.headOnly() ? HttpMethod.GET : request.method();
      @Nullable Endpoint endpoint = endpoints.get(method);
      if (endpoint == null) {
        throw RefusedException.notAllowed(request.method().name(), allowed());
      }
      return endpoint.answer(request);
    }

    private String allowed() {
      List<String> methods = new ArrayList<>();
      for (HttpMethod method : endpoints.keySet()) {
        methods.add(method.name());
        if (method.equals(HttpMethod.GET)) {
          methods.add(HttpMethod.HEAD.name());
        }
      }
      return String.join(", ", methods);
    }
  }

  /**
   * @param otherwise answers at all other paths
   */
  Routes(Endpoint otherwise) {
    this.otherwise = otherwise;
  }

  Routes get(String path, Endpoint endpoint) {
    return add(path, Map.of(HttpMethod.GET, endpoint));
  }

  Routes add(String path, Map<HttpMethod, Endpoint> endpoints) {
    routes.add(new Route(segments(path), endpoints));
    return this;
  }

  /**
   * @throws RefusedException if nothing is at its path, or not for its method
   */
  CompletionStage<? extends Answer> answer(PageRequest request) {
    List<String> path = segments(request.path());
    for (Route route : routes) {
      Optional<Map<String, String>> variables = route.match(path);
      if (variables.isPresent()) {
        return route.answer(request.with(variables.get()));
      }
    }
    return otherwise.answer(request);
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
