# An ssh server on this machine whose PowerShell is the shell that runs the tests, with the module on its module path.

$sshd, $null = Get-Command sshd, /usr/sbin/sshd -CommandType Application -ErrorAction Ignore
$ssh, $null = Get-Command ssh -CommandType Application -ErrorAction Ignore
# Why there can be none.
$NoSsh = if ($IsWindows -or -not $sshd -or -not $ssh) {
    "there is no $($ssh ? 'sshd' : 'ssh') on this machine"
}

# Returns the process, and the options of ssh with which any name of a host leads to the server.
function Start-SshServer([string] $UserFile) {
    # sshd of root needs this empty folder, which exists only if the system has started its own ssh service.
    if ((id -u) -eq 0) {
        $null = New-Item /run/sshd -ItemType Directory -Force
    }
    $free = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $free.Start()
    $port = $free.LocalEndpoint.Port
    $free.Stop()
    $folder = (New-Item (Join-Path $TestDrive "ssh-$port") -ItemType Directory).FullName
    'host', 'user' | ForEach-Object { ssh-keygen -q -t ed25519 -N '' -f "$folder/$_" }
    Set-Content "$folder/config" @"
ListenAddress 127.0.0.1:$port
HostKey $folder/host
AuthorizedKeysFile $folder/user.pub
StrictModes no
PermitRootLogin yes
UsePAM no
PidFile none
Subsystem powershell $folder/pwsh
Subsystem sftp internal-sftp -d $(Split-Path $UserFile)
"@
    Set-Content "$folder/pwsh" @"
#!/bin/sh
export PSModulePath='$(Split-Path $ModulePath)' PGEDGE_AUTH_USER_FILE='$UserFile'
exec '$($ShellCommand -join "' '")' -NoLogo -NoProfile -sshs
"@
    chmod +x "$folder/pwsh"
    $process = Start-Process $sshd.Source "-D -f $folder/config -E $folder/log" -PassThru
    $options = @{
        HostName = '127.0.0.1'; Port = $port; ConnectionAttempts = 5; BatchMode = 'yes'; LogLevel = 'ERROR'
        IdentityFile = "$folder/user"; IdentitiesOnly = 'yes'
        StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'
    }
    $said = & $ssh $options.GetEnumerator().ForEach({ "-o$($_.Key)=$($_.Value)" }) there true 2>&1
    if ($LASTEXITCODE -ne 0) {
        $process | Stop-Process
        throw "ssh to this machine failed: $said $(Get-Content "$folder/log" -Raw)"
    }
    @{ Process = $process; Options = $options }
}
