<?php
// The least that a PBX in PHP must do for each call: read the request, note the delivery and the call, look up, forget.
$said = json_decode(file_get_contents('php://input'), true);
$redis = new Redis();
$redis->pconnect('@PLACE@/redis.sock');
$session = $said['Session'];
$redis->set("delivery:$session", '1', ['nx', 'ex' => 600]);
$redis->set("call:$session", $said['To'], ['ex' => 600]);
$redis->get("call:$session");
$redis->del("delivery:$session");
$document = file_get_contents('@DOCUMENT@');
header('Content-Type: application/xml');
header('Content-Length: ' . strlen($document));
echo $document;
