import org.codelibs.opensearch.runner.OpenSearchRunner;

/** A real OpenSearch of one node: `java Server.java DIRECTORY PORT`. It ends when its input does. */
public class Server {
  public static void main(String[] arguments) throws Exception {
    String directory = arguments[0];
    String port = arguments[1];
    try (OpenSearchRunner runner = new OpenSearchRunner()) {
      runner.onBuild((number, settings) -> {
        settings.put("http.port", port);
        settings.put("transport.port", "0");
        settings.put("network.host", "127.0.0.1");
        settings.put("discovery.type", "single-node");
        settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        settings.remove("cluster.initial_cluster_manager_nodes");
        settings.remove("discovery.seed_hosts");
      });
      runner.build(OpenSearchRunner.newConfigs().basePath(directory).numOfNode(1).clusterName("copydesk-test"));
      runner.ensureYellow();
      System.out.println("READY");
      System.out.flush();
      while (System.in.read() >= 0) {}
    }
    System.exit(0);
  }
}
