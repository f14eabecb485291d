# Users and sessions in other sessions and processes: over ssh, in jobs, in parallel, and as CliXml.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/ssh.ps1

    $file = New-UserFile
    $notRun = $NoSsh
    if (-not $notRun) {
        $server = Start-SshServer $file
        $options = $server.Options
        $there = New-PSSession -HostName there -Options $options
    }
}

AfterAll {
    if ($server) {
        $there | Remove-PSSession
        $server.Process | Stop-Process
    }
}

Describe 'Users on another host' {
    BeforeEach {
        if ($notRun) {
            Set-ItResult -Skipped -Because $notRun
        }
        Set-UserFile $file (Get-Text (New-UserFile))
    }

    It 'are shown like local ones, with the name of their host' {
        $users = Invoke-Command $there { Get-PgEdgeUser }

        $screen = $users | Get-Screen
        $screen[0] | Should -Be 'Username Created          Last Login       Status   Annotation PSComputerName'
        $screen[3] | Should -Match '^bob      2024-10-15 \d\d:\d\d Never            Enabled  Admin      there$'
        $users | Where-Object Status -EQ Disabled | Format-Table Username, Status, FailedAttempts | Get-Screen |
            Select-Object -Last 1 | Should -Match '^charlie\s+Disabled\s+3$'
    }

    It 'are not taken for users of the local file that happens to have the same path' {
        $users = Invoke-Command $there { Get-PgEdgeUser bob, charlie }

        { $users | Enable-PgEdgeUser -ErrorAction Stop } | Should -Throw -ErrorId 'RemoteObject,*'
        Test-Untouched $file | Should -BeTrue

        ($users | Enable-PgEdgeUser -Path $file -PassThru).Username | Should -Be bob, charlie
    }

    It 'are changed there with a password from here' {
        $password = New-Secret 'plum violin orbit ladder'

        $user = Invoke-Command $there {
            Set-PgEdgeUser alice -Password $using:password -Annotation Lead -PassThru -WarningAction Ignore
        }

        "$user" | Should -Be alice
        $user.Annotation | Should -Be Lead
        (New-PgEdgeSession -Username alice -Password $password -Path $file).Username | Should -Be alice
    }

    It 'have errors with the same ids' {
        $failure = Invoke-Command $there { Get-PgEdgeUser dora } 2>&1

        $failure.FullyQualifiedErrorId | Should -Be 'UserNotFound,PgEdgeUsers.Commands.GetPgEdgeUserCommand'
        "$failure" | Should -Match "'dora'"
    }

    It 'are listed and changed on many hosts as the administrator''s guide shows' {
        $guide = Get-Content $PSScriptRoot/../../docs/admin-guide.md -Raw
        $code = [regex]::Match($guide, '(?ms)^```powershell hosts\n(.*?)^```$').Groups[1].Value
        $PSDefaultParameterValues = @{ 'Invoke-Command:Options' = $options }
        $password = New-Secret 'plum violin orbit ladder'

        $shown = & ([scriptblock]::Create($code)) 3>$null

        $shown | Where-Object LastLogin | ForEach-Object PSComputerName | Sort-Object | Should -Be mcp1, mcp2, mcp3
        $shown | Where-Object Status | ForEach-Object PSComputerName | Sort-Object | Should -Be mcp1, mcp2, mcp3
        (New-PgEdgeSession -Username alice -Password $password -Path $file).Username | Should -Be alice
    }
}

Describe 'Users in another session' {
    BeforeEach {
        $copy = New-UserFile
    }

    It 'come out of a job and can be piped on' {
        $users = Start-Job { Import-Module $using:ModulePath; Get-PgEdgeUser -Path $using:copy } |
            Receive-Job -Wait -AutoRemoveJob

        ($users | Disable-PgEdgeUser -PassThru).Username | Should -Be alice, bob, charlie
    }

    It 'come out of a thread job and can be piped on' {
        $users = Start-ThreadJob { Import-Module $using:ModulePath; Get-PgEdgeUser -Path $using:copy } |
            Receive-Job -Wait -AutoRemoveJob

        ($users | Disable-PgEdgeUser -PassThru).Username | Should -Be alice, bob, charlie
    }

    It 'are changed from many runspaces at once' {
        'alice', 'bob', 'charlie' | ForEach-Object -Parallel {
            Import-Module $using:ModulePath
            $name = $_
            1..3 | ForEach-Object { Set-PgEdgeUser $name -Annotation "round $_" -Path $using:copy }
        } -ThrottleLimit 3

        (Get-PgEdgeUser -Path $copy).Annotation | Should -Be 'round 3', 'round 3', 'round 3'
        Get-Content $copy -First 1 | Should -Be '# Kept by hand.'
    }
}

Describe 'Export-Clixml' {
    BeforeAll {
        $copy = New-UserFile
        $xml = Join-Path $TestDrive exported.xml
    }

    It 'keeps users: they are shown the same, compare the same and can be piped on' {
        Get-PgEdgeUser -Path $copy | Export-Clixml $xml

        $users = Import-Clixml $xml

        $users | Get-Screen | Should -Be (Get-PgEdgeUser -Path $copy | Get-Screen)
        ($users | Where-Object Username -EQ alice).LastLogin | Should -Be (Get-PgEdgeUser alice -Path $copy).LastLogin
        ($users | Where-Object Status -EQ Disabled | Enable-PgEdgeUser -PassThru).FailedAttempts | Should -Be 0
    }

    It 'keeps a session with its token' {
        $session = New-PgEdgeSession (New-Login alice $Passwords.alice) -Path $copy
        $session | Export-Clixml $xml

        $read = Import-Clixml $xml

        ConvertFrom-SecureString $read.Token -AsPlainText |
            Should -BeExactly (ConvertFrom-SecureString $session.Token -AsPlainText)
        $read.ExpiresAt | Should -Be $session.ExpiresAt
        $read | Get-Screen | Should -Be ($session | Get-Screen)
        "$read" | Should -Be alice
    }

    It 'keeps a session that knows at any time whether it has expired' {
        $session = New-PgEdgeSession (New-Login alice $Passwords.alice) -Path $copy
        $session | Export-Clixml $xml
        $text = Get-Content $xml -Raw

        (Import-Clixml $xml).IsExpired | Should -BeFalse
        Set-Content $xml ($text -replace "(?<=""ExpiresAt"">)$($session.ExpiresAt.Year)", '2020')
        (Import-Clixml $xml).IsExpired | Should -BeTrue
    }
}
